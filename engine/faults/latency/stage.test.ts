import fc from 'fast-check';
import { expect, test } from 'vitest';
import { onFakeClock as onFakeClockWith } from '../stage.fixture.ts';
import { type LatencyParameters, latencyLinkFault } from './stage.ts';

const onFakeClock = (parameters: LatencyParameters, seed = 1) =>
  onFakeClockWith(latencyLinkFault, parameters, { seed });

const fixed = (latencyMs: number): LatencyParameters => ({ latencyMs, jitterMs: 0, direction: 'downstream' });

test('each chunk is held for the latency from its own arrival, and the end follows the last', () => {
  const { push, end, advanceTo, out } = onFakeClock(fixed(20));
  push('a');
  advanceTo(5);
  push('b');
  end();
  advanceTo(100);
  expect(out.map(({ item, atMs }) => [item.type, atMs])).toEqual([
    ['bytes', 20],
    ['bytes', 25],
    ['end', 25],
  ]);
});

test('jitter stays within its bounds, never reorders, and replays from the seed', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 }), fc.nat(), (gaps, seed) => {
      const run = (): number[] => {
        const { push, advanceTo, out, texts } = onFakeClock(
          { latencyMs: 20, jitterMs: 15, direction: 'upstream' },
          seed,
        );
        const sent: number[] = [];
        let atMs = 0;
        gaps.forEach((gap, index) => {
          atMs += gap;
          advanceTo(atMs);
          sent.push(atMs);
          push(String(index));
        });
        advanceTo(atMs + 1000);
        expect(texts()).toEqual(gaps.map((_, index) => String(index)));
        out.forEach((delivered, index) => {
          expect(delivered.atMs - (sent[index] as number)).toBeGreaterThanOrEqual(5);
          expect(delivered.atMs - (sent[index] as number)).toBeLessThanOrEqual(35);
        });
        return out.map((delivered) => delivered.atMs);
      };
      expect(run()).toEqual(run());
    }),
    { numRuns: 50 },
  );
});

test('an update counts for what is held already, from its arrival', () => {
  const { stage, push, advanceTo, out } = onFakeClock(fixed(1000));
  push('a');
  advanceTo(10);
  push('b');
  stage.update(fixed(50));
  advanceTo(100);
  expect(out.map(({ atMs }) => atMs)).toEqual([50, 60]);
  push('c');
  stage.update(fixed(0));
  advanceTo(100);
  expect(out).toHaveLength(3);
});

test('what is held goes out at once and in order when the fault goes, and nothing stays scheduled', () => {
  const { stage, push, end, texts, jobs } = onFakeClock(fixed(1000));
  for (const text of ['a', 'b', 'c']) push(text);
  end();
  expect(stage.heldBytes()).toBe(3);
  stage.flush();
  expect(texts()).toEqual(['a', 'b', 'c', 'end']);
  expect(stage.heldBytes()).toBe(0);
  expect(jobs()).toBe(0);
});

test('two stages in a row add up exactly', () => {
  const second = onFakeClock(fixed(7));
  const first = onFakeClock(fixed(20));
  first.push('a');
  first.advanceTo(21);
  for (const { item } of first.out) second.stage.push(item);
  second.advanceTo(100);
  expect(second.out.map(({ atMs }) => atMs)).toEqual([27]);
});
