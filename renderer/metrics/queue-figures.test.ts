import { expect, it } from 'vitest';
import type { QueueStatus } from '../../engine/api/types.ts';
import { queueFigures } from './queue-figures.ts';

const status = (destination: string, subscription: string, own: Partial<QueueStatus>, counts = {}): QueueStatus => ({
  ...{
    destination,
    subscription,
    pattern: 'log',
    depth: 3,
    unacked: 1,
    lag: 4,
    oldestMs: 20,
    inPerSec: 10,
    outPerSec: 8,
  },
  ...own,
  counts: {
    redelivered: 0,
    deadLettered: 0,
    lost: 0,
    inBroker: 0,
    inFlight: 0,
    done: 0,
    ...counts,
  } as QueueStatus['counts'],
});

it('a destination stands once: what comes in is the same for each of its groups, what is done is not', () => {
  const [events, jobs] = queueFigures([
    status('events', 'a', { inPerSec: 10, outPerSec: 8 }, { redelivered: 1, done: 7 }),
    status('jobs', '', { depth: null, lag: null }, { deadLettered: 2 }),
    status('events', 'b', { inPerSec: 10, outPerSec: 2 }, { redelivered: 4, lost: 1, inBroker: 3, inFlight: 2 }),
  ]);
  expect(events).toMatchObject({
    destination: 'events',
    inPerSec: 10,
    outPerSec: 10,
    redelivered: 5,
    lost: 1,
    depth: 3,
    groups: [
      { name: 'a', open: 0, done: 7, lost: 0 },
      { name: 'b', open: 5, done: 0, lost: 1 },
    ],
  });
  expect(jobs).toMatchObject({ destination: 'jobs', depth: null, deadLettered: 2 });
});
