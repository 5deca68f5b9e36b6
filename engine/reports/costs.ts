import type { BreakEven, RunCosts, RunResult } from '../api/types.ts';

/** What a run cost; null in records that know of none. */
export const costsIn = ({ costs }: Partial<Pick<RunResult, 'costs'>>): RunCosts | null => costs ?? null;

/** An amount to three figures, however small. */
export function money(amount: number): string {
  if (amount === 0) return '$0';
  if (Math.abs(amount) >= 100) return `$${amount.toFixed(0)}`;
  if (Math.abs(amount) >= 1) return `$${amount.toFixed(2)}`;
  const digits = Math.min(20, 2 - Math.floor(Math.log10(Math.abs(amount))));
  return `$${amount.toFixed(digits).replace(/0+$/, '')}`;
}

/** A quantity to four figures. */
export const quantity = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en-US') : Number(value.toPrecision(4)).toString();

export const costColumns = ['Node', 'Billed for', 'Quantity#', 'Price#', 'Amount#', 'From'] as const;

/** One row for each item of the bill. */
export const costRows = ({ nodes }: RunCosts, nameOf: (id: string) => string): string[][] =>
  Object.entries(nodes).flatMap(([id, { lines }]) =>
    lines
      .filter(({ quantity: amountOf }) => amountOf > 0)
      .map((line) => [
        nameOf(id),
        line.item,
        `${quantity(line.quantity)} ${line.unit}`,
        money(line.price),
        money(line.amount),
        line.from,
      ]),
  );

/** All of it, whose prices they are, and what a month like that would cost. */
export function costTotal({ amount, perMonth, sheet }: RunCosts): string {
  const month = perMonth === null ? '' : `, ${money(perMonth)} in a month that went on like this`;
  const edited = sheet.isEdited ? ', changed in the document' : '';
  return `${money(amount)} in all${month}; prices of ${sheet.title}, ${sheet.asOf}${edited}`;
}

/** From which rate on an always-on replica would be cheaper, in a sentence with its numbers. */
export function breakEvenWords(
  name: string,
  { perRequest, requests, standingPerHour, alwaysOn, ratePerSec }: BreakEven,
): string {
  const standing = standingPerHour > 0 ? ` and ${money(standingPerHour)} an hour whatever comes` : '';
  const costs = `${name} costs ${money(perRequest * 1e6)} for a million requests${standing}, as measured over ${requests.toLocaleString('en-US')}`;
  const against = `an always-on replica at ${money(alwaysOn.price)} an hour (${alwaysOn.machine})`;
  if (ratePerSec === null)
    return standingPerHour >= alwaysOn.price
      ? `${costs}; ${against} is cheaper at any rate`
      : `${costs}; it is cheaper than ${against} at any rate`;
  return `${costs}: cheaper than ${against} up to ${quantity(ratePerSec)} requests per second, if one replica can serve that`;
}
