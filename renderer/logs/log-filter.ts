import type { LogLine } from '../../engine/api/types.ts';

export interface LogFilter {
  /** Every word must occur, in any case; a word in "quotes" may hold spaces, and one after a minus must not occur. */
  text: string;
  stream: LogLine['stream'] | null;
}

interface Word {
  word: string;
  excluded: boolean;
}

const wordsOf = (text: string): Word[] =>
  [...text.toLowerCase().matchAll(/(-?)(?:"([^"]*)"?|(\S+))/g)].flatMap(([, minus, quoted, bare]) => {
    const word = quoted ?? bare ?? '';
    return word === '' ? [] : [{ word, excluded: minus === '-' }];
  });

/** The lines that the filter lets through. */
export function filterLines(lines: readonly LogLine[], { text, stream }: LogFilter): readonly LogLine[] {
  const words = wordsOf(text);
  if (words.length === 0 && stream === null) return lines;
  return lines.filter((line) => {
    if (stream !== null && line.stream !== stream) return false;
    const searched = `${line.nodeId}#${line.replica} ${line.text}`.toLowerCase();
    return words.every(({ word, excluded }) => searched.includes(word) !== excluded);
  });
}

/** Those of the lines that are sought, whose texts may be cut there. Of lines that are alike, no more than are sought. */
export function soughtAmong(lines: readonly LogLine[], sought: readonly LogLine[]): ReadonlySet<LogLine> {
  const found = new Set<LogLine>();
  for (const { atMs, nodeId, replica, text } of sought) {
    const next = lines.find(
      (line) =>
        line.atMs === atMs &&
        line.nodeId === nodeId &&
        line.replica === replica &&
        line.text.startsWith(text) &&
        !found.has(line),
    );
    if (next) found.add(next);
  }
  return found;
}

/** A text cut where words of the search are, to be marked: odd places are what was found. */
export function markedParts(text: string, search: string): string[] {
  const words = wordsOf(search).filter(({ excluded }) => !excluded);
  if (words.length === 0) return [text];
  const escaped = words.map(({ word }) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text.split(new RegExp(`(${escaped.join('|')})`, 'gi'));
}
