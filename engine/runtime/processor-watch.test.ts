import { expect, test } from 'vitest';
import { createProcessorWatch } from './processor-watch.ts';

test('the share in use is that between the readings of the time asked for', () => {
  let times = { user: 0, idle: 0 };
  const watch = createProcessorWatch(() => [{ times }, { times }]);
  watch.look(1000);
  times = { user: 100, idle: 900 };
  watch.look(2000);
  times = { user: 1000, idle: 1000 };
  watch.look(3000);
  expect(watch.busy({ fromMs: 0, toMs: 2500 })).toBeCloseTo(0.1);
  expect(watch.busy({ fromMs: 1500, toMs: 3500 })).toBeCloseTo(0.9);
  expect(watch.busy({ fromMs: 2500, toMs: 3500 })).toBeNull();
});

test('the processors of this machine can be read', () => {
  const watch = createProcessorWatch();
  watch.look(0);
  const end = process.cpuUsage().user + 60_000;
  while (process.cpuUsage().user < end);
  watch.look(1);
  const busy = watch.busy({ fromMs: 0, toMs: 1 });
  expect(busy === null || (busy >= 0 && busy <= 1)).toBe(true);
});
