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
  async look({ node, pattern }, sight, { fromMs }) {
    const lines = sight.logs(node, { fromMs, toMs: sight.now() }).map(({ text }) => text);
    const matching = sight.matching(pattern, lines);
    const [first] = matching;
    return { value: matching.length, unit: 'count', ...(first !== undefined && { note: first.slice(0, 200) }) };
  },
});
