import { describe, expect, it } from 'vitest';
import { actions } from '../renderer/actions/registry.ts';
import { type MenuItem, menuItems } from './menu-items.ts';

/** Keys of the desktop alone, where a browser reloads the page. */
const DESKTOP_KEYS = ['F5', 'Shift+F5'];

describe('the menu of the desktop', () => {
  const items = Object.values(menuItems)
    .flat()
    .filter((item): item is MenuItem => item !== null);

  it.each(items)('asks the window for an action that it has: $id', ({ id, accelerator }) => {
    const action = actions.find((candidate) => candidate.id === id);
    expect(action).toBeDefined();
    if (accelerator === undefined || DESKTOP_KEYS.includes(accelerator)) return;
    const shortcut = accelerator.replace(/CmdOrCtrl|Cmd|Ctrl/, 'Mod');
    expect(action?.keys).toContain(shortcut);
  });
});
