import { ProtocolError } from './errors.ts';

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

/**
 * The words of an inline command, as somebody types it into a telnet session: separated by blanks, in single quotes as
 * they are, in double quotes with `\n`, `\xhh` and the like; Redis' `sdssplitargs`.
 */
export function splitInline(line: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (isBlank(line[at] as string)) {
      at += 1;
      continue;
    }
    let word = '';
    while (at < line.length && !isBlank(line[at] as string)) {
      const quote = line[at] as string;
      if (quote !== '"' && quote !== "'") {
        word += quote;
        at += 1;
        continue;
      }
      const quoted = readQuoted(line, at, quote);
      word += quoted.text;
      at = quoted.end;
      if (at < line.length && !isBlank(line[at] as string)) throw new ProtocolError('unbalanced quotes in request');
    }
    words.push(word);
  }
  return words;
}

const isBlank = (character: string): boolean => /[ \t\n\v\f\r\0]/.test(character);

function readQuoted(line: string, start: number, quote: string): { text: string; end: number } {
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line[at] as string;
    if (character === quote) return { text, end: at + 1 };
    const next = line[at + 1];
    if (character !== '\\' || next === undefined || (quote === "'" && next !== "'")) text += character;
    else {
      const hex = quote === '"' ? /^\\x([0-9a-f]{2})/i.exec(line.slice(at, at + 4))?.[1] : undefined;
      text += hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (escapes[next] ?? next);
      if (quote === "'") text = `${text.slice(0, -1)}'`;
      at += hex ? 3 : 1;
    }
  }
  throw new ProtocolError('unbalanced quotes in request');
}
