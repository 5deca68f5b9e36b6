import { notifications } from '@mantine/notifications';
import type { Connection, FinalConnectionState, OnConnectEnd } from 'reactflow';
import { t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { connectOnCanvas } from './add-to-canvas.ts';
import { askConnect } from './connect-asked.ts';
import { refusal } from './connection-rules.ts';
import { canvasViewport } from './viewport.ts';

type Ends = { source: string; target: string };

const problem = (ends: Ends): string | null => refusal(useDocument.getState().document, ends);

export function tryConnect(ends: Ends): void {
  const why = problem(ends);
  if (why === null) connectOnCanvas(ends.source, ends.target);
  else notifications.show({ id: 'refused', color: 'red', title: t('This connection is not possible'), message: why });
}

/** Node under the pointer, where a connection was dropped beside the handle: on the card's body, or on one without a handle. */
function nodeUnder(event: MouseEvent | TouchEvent): string | null {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event;
  if (!point) return null;
  const element = document.elementFromPoint(point.clientX, point.clientY);
  return element?.closest<HTMLElement>('.react-flow__node')?.dataset.id ?? null;
}

const onConnectEnd: OnConnectEnd = (event, state: FinalConnectionState) => {
  const { fromNode, fromHandle, toNode, isValid } = state;
  if (isValid || !fromNode || !fromHandle) return;
  const other = toNode?.id ?? nodeUnder(event);
  // A drop on the card that it came from is a change of mind.
  if (other === fromNode.id) return;
  if (other === null) {
    askAt(event, fromNode.id, fromHandle.type);
    return;
  }
  tryConnect(
    fromHandle.type === 'source' ? { source: fromNode.id, target: other } : { source: other, target: fromNode.id },
  );
};

/** Over the empty canvas: a new card is wanted there. */
function askAt(event: MouseEvent | TouchEvent, from: string, side: 'source' | 'target'): void {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event;
  if (!point) return;
  const element = document.elementFromPoint(point.clientX, point.clientY);
  if (!element?.closest('.react-flow__pane')) return;
  const screen = { x: point.clientX, y: point.clientY };
  askConnect({ from, side, at: { screen, flow: canvasViewport().toDocument(screen) } });
}

/** How connections are drawn, checked and refused. */
export const connecting = {
  isValidConnection: ({ source, target }: Connection | Ends) => problem({ source, target }) === null,
  onConnect: ({ source, target }: Connection) => tryConnect({ source, target }),
  onConnectEnd,
};
