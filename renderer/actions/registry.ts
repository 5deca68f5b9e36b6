import type { Action } from './action.ts';
import { addActions } from './add-actions.ts';
import { arrangeActions } from './arrange-actions.ts';
import { displayActions } from './display-actions.ts';
import { documentActions, recentActions } from './document-actions.ts';
import { editActions } from './edit-actions.ts';
import { shown } from './keys.ts';
import { measureActions, sweepActions } from './measure-actions.ts';
import { partActions } from './part-actions.ts';
import { experimentActions, runningActions } from './running-actions.ts';
import { clipboardActions, moveActions, selectActions } from './selection-actions.ts';
import { viewActions } from './view-actions.ts';

/** Every action that is always there. */
export const actions: readonly Action[] = [
  ...documentActions,
  ...editActions,
  ...clipboardActions,
  ...addActions,
  ...selectActions,
  ...arrangeActions,
  ...moveActions,
  ...runningActions,
  ...partActions,
  ...measureActions,
  ...viewActions,
  ...displayActions,
];

/** With those that the open document brings along. */
export const actionsNow = (): readonly Action[] => [
  ...actions,
  ...recentActions(),
  ...experimentActions(),
  ...sweepActions(),
];

const byId = new Map(actions.map((action) => [action.id, action]));

export function action(id: string): Action {
  const found = byId.get(id);
  if (!found) throw new Error(`There is no action "${id}".`);
  return found;
}

/** Does it, unless it cannot be done now. */
export function perform(id: string): void {
  const found = action(id);
  if ((found.disabled?.() ?? null) === null) found.run();
}

/** Its shortcut as it is written, or empty. */
export const shortcutOf = (id: string): string => {
  const key = action(id).keys?.[0];
  return key === undefined ? '' : shown(key);
};
