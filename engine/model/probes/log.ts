import { z } from 'zod';
import { defineProbe } from './define-probe.ts';
import { nodeOf } from './names.ts';

/** Of those that match: the first so many, cut to so many signs, are told. */
export const SHOWN_LINES = 20;
const SHOWN_SIGNS = 200;

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
    const written = sight.logs(node, since);
    const matching = new Set(sight.matching(pattern, [...new Set(written.map(({ text }) => text))]));
    const found = written.filter(({ text }) => matching.has(text));
    const lines = found.slice(0, SHOWN_LINES).map((line) => ({ ...line, text: line.text.slice(0, SHOWN_SIGNS) }));
    const note = lines[0]?.text;
    return { value: found.length, unit: 'count', moments: found.map(({ atMs }) => atMs), lines, ...(note && { note }) };
  },
});
