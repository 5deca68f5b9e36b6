import {
  copyToClipboard,
  cutToClipboard,
  duplicateSelection,
  nameOfParts,
  pasteFromClipboard,
  removeSelection,
} from '../canvas/clipboard.ts';
import { askConnect } from '../canvas/connect-asked.ts';
import { type Direction, neighbour } from '../canvas/neighbour.ts';
import type { Side } from '../canvas/targets.ts';
import { canvasViewport } from '../canvas/viewport.ts';
import { nudge } from '../stores/arrange.ts';
import { edit, useDocument } from '../stores/document.ts';
import { isLocked, partKeys, setLocked } from '../stores/parts.ts';
import { select, useSession } from '../stores/session.ts';
import type { Action } from './action.ts';
import { whyReadOnly } from './document-actions.ts';

const parts = (): readonly string[] => useSession.getState().selectedNodes;
const document = () => useDocument.getState().document;
const allLocked = (): boolean => parts().every((key) => isLocked(document(), key));

export const whyNoParts = (): string | null => (parts().length === 0 ? 'No card is selected.' : null);
const whyNoEdit = (): string | null => whyReadOnly() ?? whyNoParts();

function whyNoRemoval(): string | null {
  if (parts().length + useSession.getState().selectedEdges.length === 0) return 'Nothing is selected.';
  if (useSession.getState().selectedEdges.length === 0 && allLocked()) return 'What is selected is locked.';
  return whyReadOnly();
}

const whyNoMove = (): string | null => whyNoEdit() ?? (allLocked() ? 'What is selected is locked.' : null);

export const clipboardActions: readonly Action[] = [
  {
    id: 'cut',
    family: 'Edit',
    title: 'Cut',
    keys: ['Mod+X'],
    where: 'canvas',
    native: true,
    disabled: whyNoRemoval,
    run: cutToClipboard,
  },
  {
    id: 'copy',
    family: 'Edit',
    title: 'Copy',
    keys: ['Mod+C'],
    where: 'canvas',
    native: true,
    disabled: whyNoParts,
    run: copyToClipboard,
  },
  {
    id: 'paste',
    family: 'Edit',
    title: 'Paste',
    keys: ['Mod+V'],
    where: 'canvas',
    native: true,
    disabled: whyReadOnly,
    run: () => void pasteFromClipboard(),
  },
  {
    id: 'duplicate',
    family: 'Edit',
    title: 'Duplicate',
    keywords: 'copy',
    keys: ['Mod+D'],
    where: 'canvas',
    disabled: whyNoEdit,
    run: duplicateSelection,
  },
  {
    id: 'delete',
    family: 'Edit',
    title: 'Delete',
    keywords: 'remove',
    keys: ['Delete', 'Backspace'],
    where: 'canvas',
    disabled: whyNoRemoval,
    run: () => removeSelection(),
  },
  {
    id: 'rename',
    family: 'Edit',
    title: 'Rename',
    keywords: 'name title',
    keys: ['F2'],
    where: 'canvas',
    disabled: () => whyReadOnly() ?? (parts().length === 1 ? null : 'Select one card first.'),
    run: () => {
      const field = window.document.querySelector<HTMLInputElement>(
        'aside[aria-label="Inspector"] input[aria-label="Name"]',
      );
      field?.focus();
      field?.select();
    },
  },
  {
    id: 'lock',
    family: 'Edit',
    title: 'Lock or unlock',
    titleNow: () => (parts().length > 0 && allLocked() ? 'Unlock' : 'Lock'),
    keywords: 'fix pin',
    keys: ['Mod+Shift+L'],
    where: 'canvas',
    disabled: whyNoEdit,
    run: () => {
      const locked = !allLocked();
      edit((before) => setLocked(before, parts(), locked), {
        name: `${locked ? 'lock' : 'unlock'} ${nameOfParts(parts())}`,
      });
    },
  },
];

const arrows: readonly [Direction, string, { x: number; y: number }][] = [
  ['left', 'ArrowLeft', { x: -1, y: 0 }],
  ['right', 'ArrowRight', { x: 1, y: 0 }],
  ['up', 'ArrowUp', { x: 0, y: -1 }],
  ['down', 'ArrowDown', { x: 0, y: 1 }],
];
const STEP = 10;
const LARGE_STEP = 60;

/** Small steps in a row are one edit. */
const move = ({ x, y }: { x: number; y: number }, step: number): void =>
  edit((before) => nudge(before, parts(), { x: x * step, y: y * step }), {
    step: `nudge ${parts().join(' ')}`,
    name: `move ${nameOfParts(parts())}`,
  });

export const moveActions: readonly Action[] = arrows.flatMap(([direction, key, by]): Action[] => [
  {
    id: `move-${direction}`,
    family: 'Arrange',
    title: `Move ${direction}`,
    keys: [key],
    where: 'canvas',
    disabled: whyNoMove,
    run: () => move(by, STEP),
  },
  {
    id: `move-far-${direction}`,
    family: 'Arrange',
    title: `Move far ${direction}`,
    keys: [`Shift+${key}`],
    where: 'canvas',
    disabled: whyNoMove,
    run: () => move(by, LARGE_STEP),
  },
]);

const connect = (side: Side, id: string, title: string, key: string): Action => ({
  id,
  family: 'Select',
  title,
  keywords: 'edge connection call arrow',
  keys: [key],
  where: 'canvas',
  disabled: () =>
    whyReadOnly() ??
    (parts().length === 1 && document().nodes.some((node) => node.id === parts()[0]) ? null : 'Select one card first.'),
  run: () => askConnect({ from: parts()[0] as string, side, at: null }),
});

export const selectActions: readonly Action[] = [
  connect('source', 'connect-to', 'Connect to…', 'Mod+J'),
  connect('target', 'connect-from', 'Connect from…', 'Mod+Shift+J'),
  {
    id: 'select-all',
    family: 'Select',
    title: 'Select all',
    keys: ['Mod+A'],
    where: 'canvas',
    disabled: () => (partKeys(document()).length === 0 ? 'There is nothing on the canvas.' : null),
    run: () => select({ nodes: partKeys(document()), edges: document().edges.map(({ id }) => id) }),
  },
  {
    id: 'select-none',
    family: 'Select',
    title: 'Select nothing',
    keys: ['Escape'],
    where: 'canvas',
    disabled: () => (parts().length + useSession.getState().selectedEdges.length === 0 ? 'Nothing is selected.' : null),
    run: () => select({}),
  },
  ...arrows.map(
    ([direction, key]): Action => ({
      id: `select-${direction}`,
      family: 'Select',
      title: `Select the next card ${direction === 'left' || direction === 'right' ? `to the ${direction}` : direction === 'up' ? 'above' : 'below'}`,
      keys: [`Alt+${key}`],
      where: 'canvas',
      disabled: () => (document().nodes.length === 0 ? 'There is nothing on the canvas.' : null),
      run: () => {
        const next = neighbour(document(), parts()[0] ?? null, direction);
        if (next === null) return;
        select({ nodes: [next] });
        canvasViewport().focus(next);
      },
    }),
  ),
];
