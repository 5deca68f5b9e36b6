import type { MeasureDefinition } from '../../model/definition.ts';

export const cacheMeasures: readonly MeasureDefinition[] = [
  {
    id: 'hitRatio',
    title: 'Hit ratio',
    help: 'Share of the reads that found their key, as the server counts them.',
    unit: 'ratio',
    source: { type: 'ratio', numerator: ['hits'], denominator: ['hits', 'misses'] },
    onCard: true,
  },
  {
    id: 'keys',
    title: 'Keys',
    help: 'Keys that the replicas hold together.',
    unit: 'count',
    source: { type: 'gauge', gauge: 'keys', over: 'sum' },
    onCard: true,
  },
  {
    id: 'usedBytes',
    title: 'Memory used',
    help: 'What the server counts against its limit of memory: of the embedded one, keys, values and an estimate of what each key costs besides.',
    unit: 'bytes',
    source: { type: 'gauge', gauge: 'usedBytes', over: 'sum' },
  },
  {
    id: 'hitsPerSec',
    title: 'Hits',
    help: 'Reads per second that found their key.',
    unit: 'per second',
    source: { type: 'rate', counter: 'hits' },
  },
  {
    id: 'missesPerSec',
    title: 'Misses',
    help: 'Reads per second that did not find their key.',
    unit: 'per second',
    source: { type: 'rate', counter: 'misses' },
  },
  {
    id: 'evicted',
    title: 'Evicted',
    help: 'Keys that went because there was no room.',
    unit: 'count',
    source: { type: 'total', counter: 'evicted' },
  },
  {
    id: 'expired',
    title: 'Expired',
    help: 'Keys that went because their time was over.',
    unit: 'count',
    source: { type: 'total', counter: 'expired' },
  },
  {
    id: 'loads',
    title: 'Loads',
    help: 'How often the cache loaded a key by itself (read-through).',
    unit: 'count',
    source: { type: 'total', counter: 'loads' },
  },
];
