import { expect, test } from 'vitest';
import { type Strategy, strategySchema } from '../../../model/deploy.ts';
import type { Member } from '../../running-node.ts';
import type { TrafficRole } from '../../wiring.ts';
import type { Rollout } from '../rollout.ts';
import { rollOut } from './index.ts';

/** Replicas that only count: a line of what there was after each step. Small letters are of the old version. */
function rehearse(desired: number, bad = false) {
  let count = 0;
  const members: { fresh: boolean; member: Member }[] = [];
  const lines: string[] = [];
  let share = 0;
  const add = (fresh: boolean, role: TrafficRole): Member => {
    const version = { name: fresh ? 'v2' : 'v1', behaviour: { type: 'ok' as const } };
    const member: Member = { replica: count++, version, role, running: null };
    members.push({ fresh, member });
    return member;
  };
  const of = (fresh: boolean): Member[] => members.filter((entry) => entry.fresh === fresh).map(({ member }) => member);
  const note = (): void => {
    const marks = { none: '.', live: 'l', canary: 'c', shadow: 's' } as const;
    const show = (fresh: boolean): string =>
      of(fresh)
        .map(({ role }) => marks[role])
        .join('');
    lines.push(`old ${show(false)} new ${show(true)}${share > 0 ? ` ${share}` : ''}`);
  };
  for (let i = 0; i < desired; i += 1) add(false, 'live');
  const rollout: Rollout = {
    desired,
    old: () => of(false),
    fresh: () => of(true),
    async start(wanted) {
      const started = Array.from({ length: wanted }, () => add(true, 'none'));
      if (wanted > 0) note();
      return started;
    },
    async join(joining) {
      for (const member of joining) member.role = 'live';
      note();
    },
    async canary(wanted) {
      share = wanted;
      for (const member of of(true)) member.role = 'canary';
      note();
    },
    async shadow() {
      for (const member of of(true)) member.role = 'shadow';
      note();
    },
    async switchOver() {
      share = 0;
      for (const { fresh, member } of members) member.role = fresh ? 'live' : 'none';
      note();
    },
    async retire(retired) {
      if (retired.length === 0) return;
      for (const member of retired)
        members.splice(
          members.findIndex((entry) => entry.member === member),
          1,
        );
      note();
    },
    async observe() {
      if (bad) throw new Error('bad');
    },
    phase() {},
  };
  return { rollout, lines, members };
}

const strategy = (input: Record<string, unknown>): Strategy => strategySchema.parse(input);

test('recreate ends all before it starts anything', async () => {
  const { rollout, lines } = rehearse(2);
  expect(await rollOut(rollout, strategy({ type: 'recreate' }))).toBe(true);
  expect(lines).toEqual(['old  new ', 'old  new ..', 'old  new ll']);
});

test('rolling with a surge of one never has fewer than desired, and never more than one beyond', async () => {
  const { rollout, lines } = rehearse(2);
  await rollOut(rollout, strategy({ type: 'rolling' }));
  expect(lines).toEqual(['old ll new .', 'old ll new l', 'old l new l', 'old l new l.', 'old l new ll', 'old  new ll']);
});

test('rolling without a surge takes away first, as many as may be unavailable', async () => {
  const { rollout, lines } = rehearse(3);
  await rollOut(rollout, strategy({ type: 'rolling', maxSurge: 0, maxUnavailable: 2 }));
  expect(lines).toEqual(['old l new ', 'old l new ..', 'old l new ll', 'old  new ll', 'old  new ll.', 'old  new lll']);
});

test.each([
  [1, 1, 0],
  [5, 2, 0],
  [5, 0, 1],
  [4, 3, 2],
  [3, 64, 64],
])(
  'rolling %i replicas with surge %i and unavailable %i keeps both bounds and ends',
  async (desired, maxSurge, maxUnavailable) => {
    const { rollout, lines, members } = rehearse(desired);
    await rollOut(rollout, strategy({ type: 'rolling', maxSurge, maxUnavailable }));
    for (const line of lines) {
      const marks = line.replace(/old|new| /g, '');
      expect(marks.length).toBeLessThanOrEqual(desired + maxSurge);
      expect(marks.replaceAll('.', '').length).toBeGreaterThanOrEqual(desired - maxUnavailable);
    }
    expect(members.every(({ fresh, member }) => fresh && member.role === 'live')).toBe(true);
    expect(members).toHaveLength(desired);
  },
);

test('blue-green starts all beside the old ones, and switches over in one step', async () => {
  const { rollout, lines } = rehearse(2);
  await rollOut(rollout, strategy({ type: 'blue-green' }));
  expect(lines).toEqual(['old ll new ..', 'old .. new ll', 'old  new ll']);
});

test('a canary grows with its share, and takes over after the last step', async () => {
  const { rollout, lines } = rehearse(4);
  const steps = [
    { weight: 0.1, durationMs: 500 },
    { weight: 0.5, durationMs: 500 },
  ];
  await rollOut(rollout, strategy({ type: 'canary', steps }));
  expect(lines).toEqual([
    'old llll new .',
    'old llll new c 0.1',
    'old llll new c. 0.1',
    'old llll new cc 0.5',
    'old llll new cc.. 0.5',
    'old .... new llll',
    'old  new llll',
  ]);
});

test('a bad canary stops at its first step', async () => {
  const { rollout, lines } = rehearse(4, true);
  await expect(rollOut(rollout, strategy({ type: 'canary' }))).rejects.toThrow('bad');
  expect(lines[lines.length - 1]).toBe('old llll new c 0.1');
});

test('a shadow never serves, unless it is to take over', async () => {
  const tried = rehearse(2);
  expect(await rollOut(tried.rollout, strategy({ type: 'shadow' }))).toBe(false);
  expect(tried.lines).toEqual(['old ll new ..', 'old ll new ss']);
  const promoted = rehearse(2);
  expect(await rollOut(promoted.rollout, strategy({ type: 'shadow', promote: true }))).toBe(true);
  expect(promoted.lines.slice(2)).toEqual(['old .. new ll', 'old  new ll']);
});
