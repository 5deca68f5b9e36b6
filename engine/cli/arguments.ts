import { InvalidArgumentError } from 'commander';

const unitMs: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const SHORTEST_MS = 100;
const LONGEST_MS = 24 * 3_600_000;

/** `20s`, `500ms`, `1.5m` or `1m30s`, in milliseconds. */
export function parseDuration(text: string): number {
  const form = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
  if (!form.test(text))
    throw new InvalidArgumentError('A duration is a number with a unit, such as 20s, 500ms or 1m30s.');
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    totalMs += Number(amount) * (unitMs[unit as string] as number);
  if (totalMs < SHORTEST_MS || totalMs > LONGEST_MS)
    throw new InvalidArgumentError('A duration lies between 100ms and 24h.');
  return Math.round(totalMs);
}

const wholeNumber =
  (what: string, max: number, min = 0) =>
  (text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > max || value < min)
      throw new InvalidArgumentError(`${what} is a whole number from ${min} to ${max}.`);
    return value;
  };

export const parseSeed = wholeNumber('A seed', 4_294_967_295);
export const parsePartitions = wholeNumber('A number of partitions', 10_000, 1);
export const parsePort = wholeNumber('A port', 65_535);
export const parseRepetitions = wholeNumber('A number of repetitions', 100, 2);
export const parseSlots = wholeNumber('A number of slots', 1000, 1);
export const parseMegabytes = wholeNumber('An amount of memory', 1_000_000, 1);
