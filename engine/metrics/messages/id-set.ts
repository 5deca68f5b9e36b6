/** Ids of messages, `PROCESS.NUMBER` with the number in base 36: a bit for each, since processes count. */
export interface IdSet {
  add(id: string): void;
  has(id: string): boolean;
  /** Whether it was there. */
  delete(id: string): boolean;
  copy(): IdSet;
  readonly size: number;
}

export interface MessageId {
  process: string;
  number: number;
}

/** Null for the id of a message that none of our processes has published. */
export function parseMessageId(id: string): MessageId | null {
  const match = /^([0-9a-z]{8})\.([0-9a-z]{1,10})$/.exec(id);
  return match ? { process: match[1] as string, number: Number.parseInt(match[2] as string, 36) } : null;
}

export const formatMessageId = ({ process, number }: MessageId): string => `${process}.${number.toString(36)}`;

export const createIdSet = (): IdSet => idSetOf(new Map(), 0);

function idSetOf(bits: Map<string, Uint8Array>, given: number): IdSet {
  let size = given;
  const has = (id: string): boolean => {
    const parsed = parseMessageId(id);
    if (!parsed) return false;
    const of = bits.get(parsed.process);
    return of !== undefined && ((of[parsed.number >>> 3] ?? 0) & (1 << (parsed.number & 7))) !== 0;
  };
  return {
    add(id) {
      const parsed = parseMessageId(id);
      if (!parsed || has(id)) return;
      const at = parsed.number >>> 3;
      let of = bits.get(parsed.process) ?? new Uint8Array(1024);
      if (at >= of.length) {
        const larger = new Uint8Array(Math.max(at + 1, of.length * 2));
        larger.set(of);
        of = larger;
      }
      of[at] = (of[at] as number) | (1 << (parsed.number & 7));
      bits.set(parsed.process, of);
      size += 1;
    },
    has,
    delete(id) {
      const parsed = parseMessageId(id);
      if (!parsed || !has(id)) return false;
      const of = bits.get(parsed.process) as Uint8Array;
      of[parsed.number >>> 3] = (of[parsed.number >>> 3] as number) & ~(1 << (parsed.number & 7));
      size -= 1;
      return true;
    },
    copy: () => idSetOf(new Map([...bits].map(([process, of]) => [process, of.slice()])), size),
    get size() {
      return size;
    },
  };
}
