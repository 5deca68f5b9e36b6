/** A message as it travels: what consumers need to know of it, and made-up contents. */
export interface Envelope {
  id: string;
  key: string;
  sentAtMs: number;
  /** Null: never. */
  expiresAtMs: number | null;
  traceparent?: string;
  tracestate?: string;
  /** Of the request that published it. */
  parameters: Readonly<Record<string, string>>;
  /** Every attempt fails, by a fault. */
  poison?: true;
  contents: string;
}

const contentsOf = new Map<number, string>();

/** Real bytes that stand for contents. */
export function madeUpContents(bytes: number): string {
  let contents = contentsOf.get(bytes);
  if (contents === undefined) {
    contents = 'abcdefghijklmnopqrstuvwxyz'.repeat(Math.ceil(bytes / 26)).slice(0, bytes);
    contentsOf.set(bytes, contents);
  }
  return contents;
}

/** JSON where it is, else the text. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A message of somebody else has none of what ours have: all of it is contents. */
export function envelopeOf(value: unknown, brokerId: string): Envelope {
  if (isEnvelope(value)) return value;
  const contents = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  return { id: `~${brokerId}`, key: '', sentAtMs: 0, expiresAtMs: null, parameters: {}, contents };
}

const isEnvelope = (value: unknown): value is Envelope => {
  if (typeof value !== 'object' || value === null) return false;
  const { id, key, sentAtMs, parameters } = value as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    typeof key === 'string' &&
    typeof sentAtMs === 'number' &&
    typeof parameters === 'object' &&
    parameters !== null
  );
};
