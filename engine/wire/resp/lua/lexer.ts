import { LuaSyntaxError } from './errors.ts';

export type TokenKind = 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';

export interface Token {
  kind: TokenKind;
  /** As messages show it; of a string its content. */
  text: string;
  value: number;
  line: number;
}

const keywords = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);
const escapes: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
const SYMBOLS = ['...', '..', '==', '~=', '<=', '>=', ...'+-*/%^#<>=(){}[];:,.'];

/** Reads the tokens of a Lua 5.1 chunk, one after the other. */
export class Lexer {
  readonly #source: string;
  readonly #chunk: string;
  #at = 0;
  line = 1;

  constructor(source: string, chunk: string) {
    this.#source = source;
    this.#chunk = chunk;
    // As a shell script may begin.
    if (source.startsWith('#')) this.#at = source.indexOf('\n') === -1 ? source.length : source.indexOf('\n');
  }

  fail(message: string, near: string): never {
    throw new LuaSyntaxError(`${this.#chunk}:${this.line}: ${message}${near === '' ? '' : ` near '${near}'`}`);
  }

  next(): Token {
    this.#skipBlanks();
    const { line } = this;
    const token = (kind: TokenKind, text: string, value = 0): Token => ({ kind, text, value, line });
    const source = this.#source;
    const character = source[this.#at];
    if (character === undefined) return token('end', '<eof>');
    if (/[A-Za-z_]/.test(character)) {
      const text = this.#match(/[A-Za-z0-9_]*/y);
      return token(keywords.has(text) ? 'keyword' : 'name', text);
    }
    if (/[0-9]/.test(character) || (character === '.' && /[0-9]/.test(source[this.#at + 1] ?? ''))) {
      const { text, value } = this.#number();
      return token('number', text, value);
    }
    if (character === '"' || character === "'") return token('string', this.#quoted(character));
    if (character === '[' && /^\[=*\[/.test(source.slice(this.#at, this.#at + 100)))
      return token('string', this.#long('string'));
    const symbol = SYMBOLS.find((each) => source.startsWith(each, this.#at));
    if (symbol === undefined) this.fail('unexpected symbol', character);
    this.#at += symbol.length;
    return token('symbol', symbol);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#source)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  #skipBlanks(): void {
    for (;;) {
      const blanks = this.#match(/[ \t\r\n\v\f]+/y);
      this.#countLines(blanks);
      if (!this.#source.startsWith('--', this.#at)) {
        if (blanks === '') return;
        continue;
      }
      this.#at += 2;
      if (/^\[=*\[/.test(this.#source.slice(this.#at, this.#at + 100))) this.#long('comment');
      else this.#match(/[^\n]*/y);
    }
  }

  #countLines(text: string): void {
    for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) === 10) this.line += 1;
  }

  #number(): { text: string; value: number } {
    const text = this.#match(/(?:0[xX][0-9a-fA-F]*|[0-9.]+(?:[eE][+-]?[0-9]*)?)[A-Za-z0-9_.]*/y);
    const value =
      /^0[xX][0-9a-fA-F]+$/.test(text) || /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)
        ? Number(text)
        : Number.NaN;
    if (Number.isNaN(value)) this.fail('malformed number', text);
    return { text, value };
  }

  #quoted(quote: string): string {
    const source = this.#source;
    const start = this.#at;
    let text = '';
    this.#at += 1;
    for (;;) {
      const character = source[this.#at];
      if (character === undefined) this.fail('unfinished string', '<eof>');
      if (character === '\n') this.fail('unfinished string', source.slice(start, this.#at));
      this.#at += 1;
      if (character === quote) return text;
      text += character === '\\' ? this.#escape() : character;
    }
  }

  #escape(): string {
    const character = this.#source[this.#at] ?? '';
    if (/[0-9]/.test(character)) {
      const code = Number(this.#match(/[0-9]{1,3}/y));
      if (code > 255) this.fail('escape sequence too large', `\\${code}`);
      return String.fromCharCode(code);
    }
    this.#at += 1;
    if (character === '\n') this.line += 1;
    return escapes[character] ?? character;
  }

  #long(what: 'string' | 'comment'): string {
    const open = this.#match(/\[=*\[/y);
    const close = `]${'='.repeat(open.length - 2)}]`;
    const end = this.#source.indexOf(close, this.#at);
    if (end === -1) this.fail(`unfinished long ${what}`, '<eof>');
    const text = this.#source.slice(this.#at, end);
    this.#countLines(text);
    this.#at = end + close.length;
    return text.replace(/^\r?\n/, '').replace(/\r\n/g, '\n');
  }
}
