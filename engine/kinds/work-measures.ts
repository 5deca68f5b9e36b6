import type { MeasureDefinition } from '../model/definition.ts';

/** What the slots of a node say, where its config limits them. */
export const workMeasures: readonly MeasureDefinition[] = [
  {
    id: 'slotUtilisation',
    title: 'Slot utilisation',
    help: 'Share of all slots that are busy, on average. Near 100 %, requests wait however fast each one is.',
    unit: 'ratio',
    source: { type: 'ratio', numerator: ['busySlotMs'], denominator: ['slotMs'] },
  },
  {
    id: 'busySlots',
    title: 'Busy slots',
    help: 'Requests that are handled now.',
    unit: 'count',
    source: { type: 'gauge', gauge: 'busySlots', over: 'sum' },
  },
  {
    id: 'waiting',
    title: 'Waiting',
    help: 'Requests in the queue now.',
    unit: 'count',
    source: { type: 'gauge', gauge: 'waiting', over: 'sum' },
    onCard: true,
  },
  {
    id: 'meanWaitMs',
    title: 'Mean wait',
    help: 'How long a request waited for its slot, on average over those that got one.',
    unit: 'ms',
    source: { type: 'ratio', numerator: ['waitedMs'], denominator: ['started'] },
  },
  {
    id: 'waitP50Ms',
    title: 'Wait p50',
    help: 'Half of the requests that got a slot waited no longer for it.',
    unit: 'ms',
    source: { type: 'percentile', histogram: 'waiting', percentile: 50 },
  },
  {
    id: 'waitP99Ms',
    title: 'Wait p99',
    help: '99 of 100 requests that got a slot waited no longer for it.',
    unit: 'ms',
    source: { type: 'percentile', histogram: 'waiting', percentile: 99 },
  },
  {
    id: 'queueFull',
    title: 'Refused, queue full',
    help: 'Requests that found all slots busy and the queue full.',
    unit: 'count',
    source: { type: 'total', counter: 'queueFull' },
  },
  {
    id: 'shed',
    title: 'Shed',
    help: 'Requests that waited for a slot as long as load shedding allows.',
    unit: 'count',
    source: { type: 'total', counter: 'shed' },
  },
  {
    id: 'expired',
    title: 'Expired',
    help: 'Requests whose deadline had passed when they arrived or when their turn came: they were not handled.',
    unit: 'count',
    source: { type: 'total', counter: 'expired' },
  },
  {
    id: 'cancelled',
    title: 'Left the queue',
    help: 'Requests whose caller went away while they waited.',
    unit: 'count',
    source: { type: 'total', counter: 'cancelled' },
  },
];
