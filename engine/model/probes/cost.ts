import { z } from 'zod';
import { defineProbe } from './define-probe.ts';
import { nodeOf } from './names.ts';

export const cost = defineProbe({
  title: 'Cost',
  help: 'What a node has cost in the run so far, at the prices of the document: in all, for a million requests, or the rate from which an always-on replica is cheaper.',
  by: 'look',
  measure: z.strictObject({
    type: z.literal('cost'),
    node: z.string().min(1),
    read: z.enum(['amount', 'per-million-requests', 'break-even']).default('amount').meta({
      title: 'Judged',
      description:
        'In the currency of the price sheet; the break-even in requests per second. The last two are known of nodes that are billed for what they execute.',
    }),
  }),
  check: nodeOf,
  async look({ node, read }, sight) {
    const seen = sight.costs()[node];
    if (!seen) throw new Error(`${node} has no price`);
    if (read === 'amount') return { value: seen.amount, unit: 'none' };
    if (seen.perRequest === null) throw new Error(`what a request of ${node} costs is not known`);
    if (read === 'per-million-requests') return { value: seen.perRequest * 1e6, unit: 'none' };
    if (seen.breakEvenPerSec === null)
      throw new Error(`there is no rate at which ${node} costs as much as an always-on replica`);
    return { value: seen.breakEvenPerSec, unit: 'per second' };
  },
});
