import type { BalanceDefinition } from '../model/definition.ts';

/** What balances look at of a node's totals. */
interface Totals {
  counters: Record<string, number>;
  gauges: Record<string, number[]>;
  endedProcesses?: number;
}

/** Whether what a node counts adds up, and the equation with its numbers. */
export interface NodeBalance {
  holds: boolean;
  equation: string;
}

/**
 * Of the stretch between two totals of a node: what was begun in it, and what was open before, has ended or is still open. What was
 * in hand in a process that ended in it went with that process, which is a term of its own; without such an end it is a defect.
 */
export function balanceOf(
  nodeId: string,
  definition: BalanceDefinition,
  before: Totals | undefined,
  now: Totals,
): NodeBalance {
  const grown = (counter: string): number => (now.counters[counter] ?? 0) - (before?.counters[counter] ?? 0);
  const openIn = (totals: Totals | undefined): number =>
    (totals?.gauges[definition.open] ?? []).reduce((sum, value) => sum + value, 0);
  const openBefore = openIn(before);
  const begun = grown(definition.begun);
  const ended = definition.ended.map(({ counter, title }) => ({ title, count: grown(counter) }));
  const open = openIn(now);
  const missing = begun + openBefore - open - ended.reduce((sum, { count }) => sum + count, 0);
  const isGone = missing > 0 && (now.endedProcesses ?? 0) > (before?.endedProcesses ?? 0);
  const holds = missing === 0 || isGone;
  const terms = [
    ...ended.filter(({ count }, index) => index === 0 || count !== 0).map(({ title, count }) => `${title} ${count}`),
    ...(open > 0 ? [`open ${open}`] : []),
    ...(isGone ? [`gone with a process ${missing}`] : []),
  ];
  const left = `${definition.title} ${begun}${openBefore > 0 ? ` + open before ${openBefore}` : ''}`;
  return { holds, equation: `${nodeId}: ${left} ${holds ? '=' : '≠'} ${terms.join(' + ')}` };
}
