import { addGroupToCanvas } from '../canvas/add-to-canvas.ts';
import { nameOfParts } from '../canvas/clipboard.ts';
import { tidyable, tidyUp } from '../canvas/tidy.ts';
import { canvasViewport } from '../canvas/viewport.ts';
import { align, distribute, outermost, type Side } from '../stores/arrange.ts';
import { edit, useDocument } from '../stores/document.ts';
import { useSession } from '../stores/session.ts';
import type { Action } from './action.ts';
import { whyReadOnly } from './document-actions.ts';
import { whyNoParts } from './selection-actions.ts';

const parts = (): readonly string[] => useSession.getState().selectedNodes;
const document = () => useDocument.getState().document;
const whyFewer = (least: number): string | null =>
  whyReadOnly() ??
  (outermost(document(), parts()).length < least
    ? `Select at least ${least === 2 ? 'two' : 'three'} cards first.`
    : null);

const sides: readonly [Side, string, string][] = [
  ['left', 'Align left', 'L'],
  ['centre', 'Align centres', 'C'],
  ['right', 'Align right', 'R'],
  ['top', 'Align tops', 'T'],
  ['middle', 'Align middles', 'M'],
  ['bottom', 'Align bottoms', 'B'],
];

const axes: readonly ['x' | 'y', string, string][] = [
  ['x', 'Distribute horizontally', 'H'],
  ['y', 'Distribute vertically', 'V'],
];

const allNodes = (): string[] => document().nodes.map(({ id }) => id);
const whyNoTidy = (keys: readonly string[]): string | null =>
  whyReadOnly() ??
  (tidyable(document(), keys).length < 2 ? 'There are no two cards that are neither locked nor in a frame.' : null);

export const arrangeActions: readonly Action[] = [
  ...sides.map(
    ([side, title, key]): Action => ({
      id: `align-${side}`,
      family: 'Arrange',
      title,
      keywords: 'line up',
      keys: [`Alt+Shift+${key}`],
      where: 'canvas',
      disabled: () => whyFewer(2),
      run: () =>
        edit((before) => align(before, parts(), side, canvasViewport().sizes()), {
          name: `align ${nameOfParts(parts())}`,
        }),
    }),
  ),
  ...axes.map(
    ([axis, title, key]): Action => ({
      id: `distribute-${axis}`,
      family: 'Arrange',
      title,
      keywords: 'spread gaps space evenly',
      keys: [`Alt+Shift+${key}`],
      where: 'canvas',
      disabled: () => whyFewer(3),
      run: () =>
        edit((before) => distribute(before, parts(), axis, canvasViewport().sizes()), {
          name: `distribute ${nameOfParts(parts())}`,
        }),
    }),
  ),
  {
    id: 'tidy-selection',
    family: 'Arrange',
    title: 'Tidy up what is selected',
    keywords: 'layout arrange elk auto',
    keys: ['Alt+Shift+U'],
    where: 'canvas',
    disabled: () => whyNoParts() ?? whyNoTidy(parts()),
    run: () => void tidyUp(parts()),
  },
  {
    id: 'tidy-all',
    family: 'Arrange',
    title: 'Tidy up everything',
    keywords: 'layout arrange elk auto',
    disabled: () => whyNoTidy(allNodes()),
    run: () => void tidyUp(allNodes()),
  },
  {
    id: 'group',
    family: 'Arrange',
    title: 'Put into a host',
    keywords: 'group frame',
    keys: ['Mod+G'],
    where: 'canvas',
    disabled: () => whyReadOnly() ?? whyNoParts(),
    run: () => addGroupToCanvas('host'),
  },
];
