import { z } from 'zod';
import { nodeById, text } from '../checks/outline.ts';
import { defineProbe } from './define-probe.ts';
import { nodeOf } from './names.ts';

/** PostgreSQL's whole numbers of 64 bits come as texts. */
const asNumber = (value: unknown): unknown =>
  typeof value === 'string' && /^-?(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;

export const conservation = defineProbe({
  title: 'Conservation',
  help: 'Every request that was issued is served, failed or in flight; none is lost and none is counted twice.',
  by: 'look',
  measure: z.strictObject({ type: z.literal('conservation') }),
  async look(_, sight) {
    const { holds, equation } = sight.traffic().conservation;
    return { value: holds, unit: 'none', note: equation };
  },
});

export const sql = defineProbe({
  title: 'SQL',
  help: 'A query on a database whose result must hold, such as that every order which a client was told of is there.',
  by: 'look',
  measure: z.strictObject({
    type: z.literal('sql'),
    node: z.string().min(1).meta({ title: 'Database' }),
    sql: z.string().min(1).max(10_000).meta({
      title: 'Query',
      description:
        'Runs in a transaction that only reads. One row with one column is judged as that value, else all rows as JSON.',
    }),
  }),
  check(measure, path, outline) {
    const problems = nodeOf(measure, path, outline);
    const node = nodeById(outline, text(measure.node));
    if (node?.definition && node.definition.accepts !== 'postgres')
      problems.push({
        path: `${path}.node`,
        message: `"${node.id}" is a ${node.kind}, which takes no SQL`,
        nextStep: 'Query a database.',
      });
    return problems;
  },
  async look({ node, sql: statement }, sight) {
    const rows = await sight.query({ node, sql: statement });
    const columns = rows.length === 1 ? Object.values(rows[0] ?? {}) : [];
    const value = columns.length === 1 ? asNumber(columns[0]) : rows;
    return { value, unit: typeof value === 'number' ? 'count' : 'none', note: `${rows.length} rows` };
  },
});
