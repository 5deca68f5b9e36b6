/** An entry of a stream. Its fields and values stand in turns; null: it was trimmed while it was pending. */
export type Entry = [id: string, fields: string[] | null];

/**
 * The entries of all streams in an answer to XREAD or XREADGROUP. RESP2 gives a list of pairs, RESP3 a map, which clients hand
 * on as a map, as an object, or as names and entries in turns.
 */
export function entriesOf(read: unknown): Entry[] {
  if (read === null || read === undefined) return [];
  if (read instanceof Map) return [...read.values()].flat();
  if (!Array.isArray(read)) return Object.values(read).flat();
  const inTurns = typeof read[0] === 'string';
  return inTurns
    ? read.flatMap((part, index) => (index % 2 === 1 ? part : []))
    : read.flatMap(([, entries]) => entries);
}
