import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

/** A change that lasts until it is told to end. */
function change(events: string[], name: string) {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end: () => end(),
    run: async (): Promise<void> => {
      events.push(`${name} begins`);
      await ended;
      events.push(`${name} ends`);
    },
  };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('changes to one node take turns, those to different nodes run beside each other', async () => {
  const turns = createTurns();
  const events: string[] = [];
  const [a1, a2, b1] = [change(events, 'a1'), change(events, 'a2'), change(events, 'b1')];
  const all = [turns.of('a', a1.run), turns.of('a', a2.run), turns.of('b', b1.run)];
  await settle();
  expect(events).toEqual(['a1 begins', 'b1 begins']);
  a1.end();
  await settle();
  expect(events.slice(2)).toEqual(['a1 ends', 'a2 begins']);
  a2.end();
  b1.end();
  await Promise.all(all);
});

test('a change that wants to be alone waits for those before it, and keeps those after it waiting', async () => {
  const turns = createTurns();
  const events: string[] = [];
  const [before, alone, after] = [change(events, 'before'), change(events, 'alone'), change(events, 'after')];
  const all = [turns.of('a', before.run), turns.alone(alone.run), turns.of('b', after.run)];
  await settle();
  expect(events).toEqual(['before begins']);
  before.end();
  await settle();
  expect(events.slice(1)).toEqual(['before ends', 'alone begins']);
  alone.end();
  await settle();
  expect(events.slice(3)).toEqual(['alone ends', 'after begins']);
  after.end();
  await Promise.all(all);
});

test('a change that fails tells its caller, and the next one takes its turn', async () => {
  const turns = createTurns();
  const failing = turns.of('a', () => Promise.reject(new Error('no')));
  const next = turns.of('a', async () => 'done');
  await expect(failing).rejects.toThrow('no');
  await expect(next).resolves.toBe('done');
  await expect(turns.alone(async () => 'alone')).resolves.toBe('alone');
});
