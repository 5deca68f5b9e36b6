import { z } from 'zod';
import { defineProbe } from './define-probe.ts';
import { nodeOf } from './names.ts';

export const log = defineProbe({
  title: 'Log',
  help: "How many lines of a node's log in the phase match a pattern.",
  by: 'look',
  measure: z.strictObject({
    type: z.literal('log'),
    node: z.string().min(1),
    pattern: z.string().min(1).max(1000).meta({ title: 'Pattern', description: 'A regular expression.' }),
  }),
  check: nodeOf,
  over: () => 'sum',
  async look({ node, pattern }, sight, since) {
    const lines = sight.logs(node, since);
    const matching = new Set(sight.matching(pattern, [...new Set(lines.map(({ text }) => text))]));
    const found = lines.filter(({ text }) => matching.has(text));
    const note = found[0]?.text.slice(0, 200);
    return { value: found.length, unit: 'count', moments: found.map(({ atMs }) => atMs), ...(note && { note }) };
  },
});
