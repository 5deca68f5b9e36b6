import type { NodeState } from '../../engine/api/types.ts';
import { shownFrame } from '../display/display.ts';
import { edgeRates } from '../metrics/edge-rates.ts';
import { shownDocument } from '../stores/document.ts';
import { formatMs, formatRate } from '../ui/format.ts';
import { edgeCurves } from './edge-curves.ts';
import { readingOf } from './readings.ts';
import { type Card, cutOut, type Surface, seenAt, type View } from './surface.ts';

/** A sign for each state that is not well: readable without its colour. */
const signs: Partial<Record<NodeState, string>> = {
  starting: '…',
  degraded: '!',
  paused: '‖',
  dead: '✕',
  stopping: '▫',
};

const LINE = 11;
const FONT = 10;
/** What a letter needs at least. */
const LETTER = 5.6;

/** Edges, and the figures of the boxes, seen from far away. */
export function paintBoxes(surface: Surface, view: View, cards: readonly Card[]): void {
  paintEdges(surface, view);
  const seen = cards.flatMap((card) => seenAt(card, view) ?? []);
  cutOut(surface, seen);
  const { context } = surface;
  const frame = shownFrame();
  const names = new Map(shownDocument().nodes.map(({ id, name }) => [id, name]));
  const ink = surface.color('--app-ink');
  const muted = surface.color('--app-muted');
  const alarm = surface.color('--state-dead');
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = `600 ${FONT}px system-ui`;
  for (const { id, x, y, width, height } of seen) {
    const status = frame?.nodes[id];
    const level = readingOf(id)?.level;
    const sign = [signs[status?.state ?? 'stopped'], level === 'warning' || level === 'full' ? '▲' : undefined]
      .filter((part) => part !== undefined)
      .join('');
    const rate = status ? formatRate(status.requestsPerSec) : '';
    const lines = [`${sign}${sign && rate ? ' ' : ''}${rate}`];
    const letters = Math.floor((width - 6) / LETTER);
    if (height >= 3.1 * LINE && status?.p99Ms != null) lines.push(formatMs(status.p99Ms));
    if (height >= 2.2 * LINE && letters >= 5) lines.unshift(shortened(names.get(id) ?? id, letters));
    if (lines.length === 1 && lines[0] === '') lines[0] = shortened(names.get(id) ?? id, letters);
    const top = y + height / 2 - ((lines.length - 1) * LINE) / 2;
    for (const [index, line] of lines.entries()) {
      context.fillStyle = sign && index === lines.length - 1 ? alarm : index === 0 && lines.length > 1 ? muted : ink;
      context.fillText(line, x + width / 2, top + index * LINE);
    }
  }
}

const shortened = (name: string, letters: number): string =>
  name.length <= letters ? name : `${name.slice(0, Math.max(1, letters - 1))}…`;

function paintEdges({ context, color }: Surface, view: View): void {
  const frame = shownFrame();
  const [calm, failing] = [new Path2D(), new Path2D()];
  for (const [id, curve] of edgeCurves) {
    const into = frame && edgeRates(id).errorsPerSec > 0 ? failing : calm;
    const [x0, y0, x1, y1, x2, y2, x3, y3] = curve.map(
      (value, index) => value * view.zoom + (index % 2 ? view.y : view.x),
    ) as [number, number, number, number, number, number, number, number];
    into.moveTo(x0, y0);
    into.bezierCurveTo(x1, y1, x2, y2, x3, y3);
  }
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeStyle = color('--app-edge');
  context.stroke(calm);
  context.strokeStyle = color('--state-dead');
  context.setLineDash([4, 2]);
  context.stroke(failing);
  context.setLineDash([]);
}
