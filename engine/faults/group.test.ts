import { expect, test } from 'vitest';
import { injectEverywhere } from './group.ts';
import type { EdgeTarget, InjectedFault, InjectOptions } from './inject.ts';

/** Edges by name; what is on is in `on`. */
function scene(options: { fails?: string; unproven?: string } = {}) {
  const on = new Set<string>();
  const inject = async (target: EdgeTarget, _: unknown, { signal }: InjectOptions): Promise<InjectedFault> => {
    if (target.edgeId === options.fails) throw new Error(`${target.edgeId} refuses`);
    on.add(target.edgeId);
    return {
      proveEffect: async () => ({ holds: target.edgeId !== options.unproven, evidence: 'seen' }),
      proveRemoval: async () => ({ holds: !on.has(target.edgeId), evidence: 'gone' }),
      undone: new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          on.delete(target.edgeId);
          resolve();
        }),
      ),
    };
  };
  const aborter = new AbortController();
  const members = ['a', 'b', 'c'].map((edgeId) => ({ edgeId }) as EdgeTarget);
  const everywhere = injectEverywhere(inject as never);
  const begin = () =>
    everywhere(
      members,
      {},
      { id: 'x', signal: aborter.signal, seed: 1, expiresAtMs: 0, probability: 1, platform: 'linux' },
    );
  return { on, begin, end: () => aborter.abort() };
}

test('a fault on a group is on at every member, and comes off everywhere together', async () => {
  const { on, begin, end } = scene();
  const fault = await begin();
  expect([...on]).toEqual(['a', 'b', 'c']);
  expect(await fault.proveEffect()).toEqual({ holds: true, evidence: 'a: seen; b: seen; c: seen' });
  end();
  await fault.undone;
  expect(on.size).toBe(0);
  expect(await fault.proveRemoval()).toMatchObject({ holds: true });
});

test('a member that refuses keeps the fault off the others too', async () => {
  const { on, begin } = scene({ fails: 'b' });
  await expect(begin()).rejects.toThrow('b refuses');
  expect(on.size).toBe(0);
});

test('the effect is not proven while it is missing at one member', async () => {
  const { begin } = scene({ unproven: 'c' });
  expect(await (await begin()).proveEffect()).toMatchObject({ holds: false });
});
