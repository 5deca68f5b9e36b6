import { addGroupToCanvas } from '../canvas/add-to-canvas.ts';
import { nameOfParts } from '../canvas/clipboard.ts';
import { type Tidying, tidyable, tidyUp } from '../canvas/tidy.ts';
import { canvasViewport } from '../canvas/viewport.ts';
import { type Key, key, t } from '../i18n/t.ts';
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
    ? least === 2
      ? t('Select at least two cards first.')
      : t('Select at least three cards first.')
    : null);

const sides: readonly [Side, Key, string][] = [
  ['left', key('Align left'), 'L'],
  ['centre', key('Align centres'), 'C'],
  ['right', key('Align right'), 'R'],
  ['top', key('Align tops'), 'T'],
  ['middle', key('Align middles'), 'M'],
  ['bottom', key('Align bottoms'), 'B'],
];

const axes: readonly ['x' | 'y', Key, string][] = [
  ['x', key('Distribute horizontally'), 'H'],
  ['y', key('Distribute vertically'), 'V'],
];

const allNodes = (): string[] => document().nodes.map(({ id }) => id);
const whyNoTidy = (keys: readonly string[], tidying: Tidying): string | null => {
  const readOnly = whyReadOnly();
  if (readOnly !== null || tidyable(document(), keys, tidying).length >= 2) return readOnly;
  return tidying.alsoPlaced
    ? t('There are no two cards that are neither locked nor in a frame.')
    : t('There are no two cards that are neither locked nor in a frame nor placed by hand.');
};

export const arrangeActions: readonly Action[] = [
  ...sides.map(
    ([side, title, letter]): Action => ({
      id: `align-${side}`,
      family: 'Arrange',
      title,
      keywords: key('line up'),
      keys: [`Alt+Shift+${letter}`],
      where: 'canvas',
      disabled: () => whyFewer(2),
      run: () =>
        edit((before) => align(before, parts(), side, canvasViewport().sizes()), {
          name: t('align {{what}}', { what: nameOfParts(parts()) }),
        }),
    }),
  ),
  ...axes.map(
    ([axis, title, letter]): Action => ({
      id: `distribute-${axis}`,
      family: 'Arrange',
      title,
      keywords: key('spread gaps space evenly'),
      keys: [`Alt+Shift+${letter}`],
      where: 'canvas',
      disabled: () => whyFewer(3),
      run: () =>
        edit((before) => distribute(before, parts(), axis, canvasViewport().sizes()), {
          name: t('distribute {{what}}', { what: nameOfParts(parts()) }),
        }),
    }),
  ),
  {
    id: 'tidy-selection',
    family: 'Arrange',
    title: key('Tidy up what is selected'),
    keywords: key('layout arrange elk auto'),
    keys: ['Alt+Shift+U'],
    where: 'canvas',
    disabled: () => whyNoParts() ?? whyNoTidy(parts(), { alsoPlaced: true }),
    run: () => void tidyUp(parts(), { alsoPlaced: true }),
  },
  {
    id: 'tidy-all',
    family: 'Arrange',
    title: key('Tidy up everything'),
    keywords: key('layout arrange elk auto'),
    disabled: () => whyNoTidy(allNodes(), { alsoPlaced: false }),
    run: () => void tidyUp(allNodes(), { alsoPlaced: false }),
  },
  {
    id: 'tidy-all-placed',
    family: 'Arrange',
    title: key('Tidy up also what was placed by hand'),
    keywords: key('layout arrange elk auto everything'),
    disabled: () => whyNoTidy(allNodes(), { alsoPlaced: true }),
    run: () => void tidyUp(allNodes(), { alsoPlaced: true }),
  },
  {
    id: 'group',
    family: 'Arrange',
    title: key('Put into a host'),
    keywords: key('group frame'),
    keys: ['Mod+G'],
    where: 'canvas',
    disabled: () => whyReadOnly() ?? whyNoParts(),
    run: () => addGroupToCanvas('host'),
  },
];
