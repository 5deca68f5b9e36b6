/*
 * What a process writes down of the messages that it publishes and consumes, one line each, before it does what the line says.
 * Fields are separated by tabs; times are milliseconds on the monotonic clock of the machine, which
 * all its processes share.
 */

export type JournalEvent =
  /** Gives a number to a way of publishing: to these destinations at once. */
  | { type: 'publisher'; number: number; edge: string; destinations: readonly string[] }
  /** Gives a number to a consumer. On a channel it listens from now on. */
  | { type: 'consumer'; number: number; edge: string; destination: string; subscription: string }
  /** A message is about to be sent for the first time. */
  | { type: 'sent'; atMs: number; by: number; id: string; key: string }
  /** The broker has it; `position` where it says so. */
  | { type: 'confirmed'; atMs: number; by: number; id: string; position: string }
  /** The broker surely does not have it. */
  | { type: 'refused'; atMs: number; by: number; id: string }
  /** Nobody waits for its confirmation any more, and the broker may have it. */
  | { type: 'unconfirmed'; atMs: number; by: number; id: string }
  /** A consumer has it, and nobody else; it has not begun with it. */
  | { type: 'taken'; atMs: number; by: number; id: string }
  /** A consumer begins with it. */
  | { type: 'begun'; atMs: number; by: number; id: string }
  /** The attempt failed; the broker has it again, or the consumer keeps it for the next attempt. */
  | { type: 'returned' | 'kept'; atMs: number; by: number; id: string }
  /** How the consumer is through with it. */
  | { type: Ending; atMs: number; by: number; id: string; key: string };

/**
 * `recognised`: done before, by its idempotency key. `dead-lettered`: kept apart, or published as another message. `rejected`: the
 * broker moves it to the dead letters of its queue. `dropped`: its attempts were used up, and there is no place for dead letters.
 */
export type Ending = 'done' | 'recognised' | 'dead-lettered' | 'rejected' | 'expired' | 'dropped';

const codes = {
  publisher: 'P',
  consumer: 'C',
  sent: 's',
  confirmed: 'c',
  refused: 'f',
  unconfirmed: 'u',
  taken: 't',
  begun: 'b',
  returned: 'r',
  kept: 'k',
  done: 'd',
  recognised: 'i',
  'dead-lettered': 'l',
  rejected: 'm',
  expired: 'e',
  dropped: 'x',
} as const satisfies Record<JournalEvent['type'], string>;

const typeOf = new Map<string, JournalEvent['type']>(
  Object.entries(codes).map(([type, code]) => [code, type as JournalEvent['type']]),
);

/** Tabs and line ends separate; ids and keys of others may hold any. */
const field = (text: string): string => (/[\t\n\r%]/.test(text) ? encodeURIComponent(text) : text);
const unfield = (text: string): string => (text.includes('%') ? decodeURIComponent(text) : text);

/** With its line end. */
export function formatJournalEvent(event: JournalEvent): string {
  const code = codes[event.type];
  switch (event.type) {
    case 'publisher':
      return `${[code, event.number, field(event.edge), ...event.destinations.map(field)].join('\t')}\n`;
    case 'consumer':
      return `${code}\t${event.number}\t${field(event.edge)}\t${field(event.destination)}\t${field(event.subscription)}\n`;
    default: {
      const more = 'key' in event ? event.key : 'position' in event ? event.position : '';
      return `${code}\t${event.atMs.toFixed(3)}\t${event.by}\t${field(event.id)}${more === '' ? '' : `\t${field(more)}`}\n`;
    }
  }
}

/** Null for a line that is none, such as one that was cut off. */
export function parseJournalEvent(line: string): JournalEvent | null {
  const [code = '', second = '', third = '', ...more] = line.split('\t');
  const [fourth = '', fifth = ''] = more;
  const type = typeOf.get(code);
  if (!type || fourth === '') return null;
  switch (type) {
    case 'publisher':
      return { type, number: Number(second), edge: unfield(third), destinations: more.map(unfield) };
    case 'consumer':
      return {
        type,
        number: Number(second),
        edge: unfield(third),
        destination: unfield(fourth),
        subscription: unfield(fifth),
      };
    case 'confirmed':
      return { type, atMs: Number(second), by: Number(third), id: unfield(fourth), position: unfield(fifth) };
    case 'sent':
    case 'done':
    case 'recognised':
    case 'dead-lettered':
    case 'rejected':
    case 'expired':
    case 'dropped':
      return { type, atMs: Number(second), by: Number(third), id: unfield(fourth), key: unfield(fifth) };
    default:
      return { type, atMs: Number(second), by: Number(third), id: unfield(fourth) };
  }
}
