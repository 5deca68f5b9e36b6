import { parseMessageId } from './id-set.ts';

/** Of so many keys the newest message is remembered. */
const MOST_KEYS = 100_000;

/** Says which messages are done after a later one of the same publisher and key was. */
export interface OrderWatch {
  /** Called once for each message, as it is done. */
  isLate(id: string, key: string): boolean;
}

export function createOrderWatch(mostKeys = MOST_KEYS): OrderWatch {
  const newest = new Map<string, number>();
  return {
    isLate(id, key) {
      const parsed = parseMessageId(id);
      if (!parsed) return false;
      const line = `${parsed.process} ${key}`;
      const before = newest.get(line) ?? -1;
      if (parsed.number < before) return true;
      // The one that was used last is the last to be forgotten.
      newest.delete(line);
      newest.set(line, parsed.number);
      if (newest.size > mostKeys) newest.delete(newest.keys().next().value as string);
      return false;
    },
  };
}
