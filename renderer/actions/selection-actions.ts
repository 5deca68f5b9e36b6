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
import { type Key, key, t } from '../i18n/t.ts';
import { nudge } from '../stores/arrange.ts';
import { edit, useDocument } from '../stores/document.ts';
import { isLocked, partKeys, setLocked } from '../stores/parts.ts';
import { select, useSession } from '../stores/session.ts';
import type { Action } from './action.ts';
import { whyReadOnly } from './document-actions.ts';

const parts = (): readonly string[] => useSession.getState().selectedNodes;
const document = () => useDocument.getState().document;
const allLocked = (): boolean => parts().every((key) => isLocked(document(), key));

export const whyNoParts = (): string | null => (parts().length === 0 ? t('No card is selected.') : null);
const whyNoEdit = (): string | null => whyReadOnly() ?? whyNoParts();

function whyNoRemoval(): string | null {
  if (parts().length + useSession.getState().selectedEdges.length === 0) return t('Nothing is selected.');
  if (useSession.getState().selectedEdges.length === 0 && allLocked()) return t('What is selected is locked.');
  return whyReadOnly();
}

const whyNoMove = (): string | null => whyNoEdit() ?? (allLocked() ? t('What is selected is locked.') : null);

export const clipboardActions: readonly Action[] = [
  {
    id: 'cut',
    family: 'Edit',
    title: key('Cut'),
    keys: ['Mod+X'],
    where: 'canvas',
    native: true,
    disabled: whyNoRemoval,
    run: cutToClipboard,
  },
  {
    id: 'copy',
    family: 'Edit',
    title: key('Copy'),
    keys: ['Mod+C'],
    where: 'canvas',
    native: true,
    disabled: whyNoParts,
    run: copyToClipboard,
  },
  {
    id: 'paste',
    family: 'Edit',
    title: key('Paste'),
    keys: ['Mod+V'],
    where: 'canvas',
    native: true,
    disabled: whyReadOnly,
    run: () => void pasteFromClipboard(),
  },
  {
    id: 'duplicate',
    family: 'Edit',
    title: key('Duplicate'),
    keywords: key('copy'),
    keys: ['Mod+D'],
    where: 'canvas',
    disabled: whyNoEdit,
    run: duplicateSelection,
  },
  {
    id: 'delete',
    family: 'Edit',
    title: key('Delete'),
    keywords: key('remove'),
    keys: ['Delete', 'Backspace'],
    where: 'canvas',
    disabled: whyNoRemoval,
    run: () => removeSelection(),
  },
  {
    id: 'rename',
    family: 'Edit',
    title: key('Rename'),
    keywords: key('name title'),
    keys: ['F2'],
    where: 'canvas',
    disabled: () => whyReadOnly() ?? (parts().length === 1 ? null : t('Select one card first.')),
    run: () => {
      const field = window.document.querySelector<HTMLInputElement>(
        '[data-region="inspector"] input[data-part="name"]',
      );
      field?.focus();
      field?.select();
    },
  },
  {
    id: 'lock',
    family: 'Edit',
    title: key('Lock or unlock'),
    titleNow: () => (parts().length > 0 && allLocked() ? t('Unlock') : t('Lock')),
    keywords: key('fix pin'),
    keys: ['Mod+Shift+L'],
    where: 'canvas',
    disabled: whyNoEdit,
    run: () => {
      const locked = !allLocked();
      edit((before) => setLocked(before, parts(), locked), {
        name: locked
          ? t('lock {{what}}', { what: nameOfParts(parts()) })
          : t('unlock {{what}}', { what: nameOfParts(parts()) }),
      });
    },
  },
];

/** A direction with its key and step, and what moving there and selecting the next card there is called. */
const arrows: readonly {
  direction: Direction;
  arrow: string;
  by: { x: number; y: number };
  move: Key;
  moveFar: Key;
  select: Key;
}[] = [
  {
    direction: 'left',
    arrow: 'ArrowLeft',
    by: { x: -1, y: 0 },
    move: key('Move left'),
    moveFar: key('Move far left'),
    select: key('Select the next card to the left'),
  },
  {
    direction: 'right',
    arrow: 'ArrowRight',
    by: { x: 1, y: 0 },
    move: key('Move right'),
    moveFar: key('Move far right'),
    select: key('Select the next card to the right'),
  },
  {
    direction: 'up',
    arrow: 'ArrowUp',
    by: { x: 0, y: -1 },
    move: key('Move up'),
    moveFar: key('Move far up'),
    select: key('Select the next card above'),
  },
  {
    direction: 'down',
    arrow: 'ArrowDown',
    by: { x: 0, y: 1 },
    move: key('Move down'),
    moveFar: key('Move far down'),
    select: key('Select the next card below'),
  },
];
const STEP = 10;
const LARGE_STEP = 60;

/** Small steps in a row are one edit. */
const move = ({ x, y }: { x: number; y: number }, step: number): void =>
  edit((before) => nudge(before, parts(), { x: x * step, y: y * step }), {
    step: `nudge ${parts().join(' ')}`,
    name: t('move {{what}}', { what: nameOfParts(parts()) }),
  });

export const moveActions: readonly Action[] = arrows.flatMap(({ direction, arrow, by, ...names }): Action[] => [
  {
    id: `move-${direction}`,
    family: 'Arrange',
    title: names.move,
    keys: [arrow],
    where: 'canvas',
    disabled: whyNoMove,
    run: () => move(by, STEP),
  },
  {
    id: `move-far-${direction}`,
    family: 'Arrange',
    title: names.moveFar,
    keys: [`Shift+${arrow}`],
    where: 'canvas',
    disabled: whyNoMove,
    run: () => move(by, LARGE_STEP),
  },
]);

const connect = (side: Side, id: string, title: Key, shortcut: string): Action => ({
  id,
  family: 'Select',
  title,
  keywords: key('edge connection call arrow'),
  keys: [shortcut],
  where: 'canvas',
  disabled: () =>
    whyReadOnly() ??
    (parts().length === 1 && document().nodes.some((node) => node.id === parts()[0])
      ? null
      : t('Select one card first.')),
  run: () => askConnect({ from: parts()[0] as string, side, at: null }),
});

export const selectActions: readonly Action[] = [
  connect('source', 'connect-to', key('Connect to…'), 'Mod+J'),
  connect('target', 'connect-from', key('Connect from…'), 'Mod+Shift+J'),
  {
    id: 'select-all',
    family: 'Select',
    title: key('Select all'),
    keys: ['Mod+A'],
    where: 'canvas',
    disabled: () => (partKeys(document()).length === 0 ? t('There is nothing on the canvas.') : null),
    run: () => select({ nodes: partKeys(document()), edges: document().edges.map(({ id }) => id) }),
  },
  {
    id: 'select-none',
    family: 'Select',
    title: key('Select nothing'),
    keys: ['Escape'],
    where: 'canvas',
    disabled: () =>
      parts().length + useSession.getState().selectedEdges.length === 0 ? t('Nothing is selected.') : null,
    run: () => select({}),
  },
  ...arrows.map(
    ({ direction, arrow, select: title }): Action => ({
      id: `select-${direction}`,
      family: 'Select',
      title,
      keys: [`Alt+${arrow}`],
      where: 'canvas',
      disabled: () => (document().nodes.length === 0 ? t('There is nothing on the canvas.') : null),
      run: () => {
        const next = neighbour(document(), parts()[0] ?? null, direction);
        if (next === null) return;
        select({ nodes: [next] });
        canvasViewport().focus(next);
      },
    }),
  ),
];
