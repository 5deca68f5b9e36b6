import { invalidExpire, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';

export interface SetOptions {
  only: 'nx' | 'xx' | null;
  get: boolean;
  keepTtl: boolean;
  persist: boolean;
  /** Null: not said. */
  expiresAtMs: number | null;
}

const expiryUnits: Record<string, { unitMs: number; relative: boolean }> = {
  ex: { unitMs: 1000, relative: true },
  px: { unitMs: 1, relative: true },
  exat: { unitMs: 1000, relative: false },
  pxat: { unitMs: 1, relative: false },
};

/** The words after the value of SET, or after the key of GETEX, in any order. */
export function parseSetOptions(command: 'set' | 'getex', words: readonly string[], nowMs: number): SetOptions {
  const options: SetOptions = { only: null, get: false, keepTtl: false, persist: false, expiresAtMs: null };
  let saysExpiry = false;
  let expiry: { text: string; unitMs: number; relative: boolean } | undefined;
  for (let i = 0; i < words.length; i += 1) {
    const word = (words[i] as string).toLowerCase();
    const text = words[i + 1];
    if (Object.hasOwn(expiryUnits, word) && !saysExpiry && text !== undefined) {
      expiry = { text, ...(expiryUnits[word] as { unitMs: number; relative: boolean }) };
      saysExpiry = true;
      i += 1;
    } else if (command === 'getex' && word === 'persist' && !saysExpiry) {
      options.persist = true;
      saysExpiry = true;
    } else if (command === 'set' && word === 'keepttl' && !saysExpiry) {
      options.keepTtl = true;
      saysExpiry = true;
    } else if (command === 'set' && (word === 'nx' || word === 'xx') && (options.only ?? word) === word) {
      options.only = word;
    } else if (command === 'set' && word === 'get') {
      options.get = true;
    } else throw syntaxError();
  }
  if (expiry) {
    const ms = parseInteger(expiry.text) * expiry.unitMs;
    const atMs = expiry.relative ? nowMs + ms : ms;
    if (ms <= 0 || !Number.isSafeInteger(atMs)) throw invalidExpire(command);
    options.expiresAtMs = atMs;
  }
  return options;
}
