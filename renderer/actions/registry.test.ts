import { describe, expect, it } from 'vitest';
import { actions } from './registry.ts';

describe('the registry of actions', () => {
  it('has each id and each shortcut once', () => {
    const ids = actions.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const keys = actions.flatMap((action) => action.keys ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('says in a sentence why an action cannot be done', () => {
    const reasons = actions.flatMap((action) => action.disabled?.() ?? []);
    expect(reasons.length).toBeGreaterThan(2);
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z].*\.$/);
  });
});
