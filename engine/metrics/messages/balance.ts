import type { Balance } from './ledger.ts';

/** What messages can become, in words and in the order of the equation. */
const terms = [
  ['done', 'done'],
  ['deadLettered', 'dead-lettered'],
  ['expired', 'expired'],
  ['dropped', 'dropped'],
  ['inBroker', 'in the broker'],
  ['inFlight', 'in flight'],
  ['lost', 'lost'],
] as const satisfies readonly (readonly [keyof Balance, string])[];

/** Whether `published` is the sum of what became of the messages, and the equation with its numbers. */
export function equationOf(balance: Balance): { holds: boolean; equation: string } {
  const sum = terms.reduce((all, [field]) => all + balance[field], 0);
  const named = terms.filter(([field]) => balance[field] > 0 || field === 'done');
  const right = named.map(([field, words]) => `${words} ${balance[field]}`).join(' + ');
  const of = balance.subscription === '' ? balance.destination : `${balance.destination} for ${balance.subscription}`;
  const holds = sum === balance.published;
  return { holds, equation: `${of}: published ${balance.published} ${holds ? '=' : '≠'} ${right}` };
}
