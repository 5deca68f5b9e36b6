/** Ids of messages, `PROCESS.NUMBER` with the number in base 36: a bit for each, since processes count. */
export interface IdSet {
  add(id: string): void;
  has(id: string): boolean;
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

export function createIdSet(): IdSet {
  const bits = new Map<string, Uint8Array>();
  let size = 0;
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
    get size() {
      return size;
    },
  };
}
