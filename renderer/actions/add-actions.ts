import { kinds } from '../../engine/kinds/index.ts';
import { addGroupToCanvas, addNoteToCanvas, addToCanvas } from '../canvas/add-to-canvas.ts';
import { said } from '../i18n/said.ts';
import { key } from '../i18n/t.ts';
import { places } from '../palette/places.ts';
import type { Action } from './action.ts';
import { whyReadOnly } from './document-actions.ts';

/** One for each kind of node and of group. */
export const addActions: readonly Action[] = [
  ...kinds.map(
    ({ kind, title, help }): Action => ({
      id: `add-${kind}`,
      family: 'Add',
      title: key('Add {{what}}'),
      values: () => ({ what: said(title) }),
      keywords: help,
      disabled: whyReadOnly,
      run: () => addToCanvas(kind),
    }),
  ),
  {
    id: 'add-note',
    family: 'Add',
    title: key('Add Note'),
    keywords: key('text comment sticky write'),
    disabled: whyReadOnly,
    run: () => addNoteToCanvas(),
  },
  ...places.map(
    ({ kind, title, help }): Action => ({
      id: `add-${kind}`,
      family: 'Add',
      title: key('Add {{what}}'),
      values: () => ({ what: said(title) }),
      keywords: help,
      disabled: whyReadOnly,
      run: () => addGroupToCanvas(kind),
    }),
  ),
];
