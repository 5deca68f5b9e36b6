/**
 * Redis' glob: `*`, `?`, `[abc]`, `[^a]`, `[a-z]`, `\` quotes. Linear in the text for one star, and never worse than the
 * product of both lengths: it goes back to the last star only, which is enough.
 */
export function createMatcher(pattern: string): (text: string) => boolean {
  if (pattern === '*') return () => true;
  const parts = parse(pattern);
  return (text) => {
    let at = 0;
    let part = 0;
    let star = -1;
    let starAt = 0;
    while (at < text.length) {
      const wanted = parts[part];
      if (wanted === null) {
        star = part;
        starAt = at;
        part += 1;
      } else if (wanted?.(text.charCodeAt(at))) {
        at += 1;
        part += 1;
      } else if (star >= 0) {
        starAt += 1;
        at = starAt;
        part = star + 1;
      } else return false;
    }
    while (parts[part] === null) part += 1;
    return part === parts.length;
  };
}

/** What each place of the text must be; null for a star. */
type Part = ((code: number) => boolean) | null;

function parse(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] as string;
    if (character === '*') {
      if (parts[parts.length - 1] !== null || parts.length === 0) parts.push(null);
    } else if (character === '?') parts.push(() => true);
    else if (character === '[') {
      const set = parseSet(pattern, at + 1);
      parts.push(set.matches);
      at = set.end;
    } else {
      if (character === '\\' && at + 1 < pattern.length) at += 1;
      const wanted = pattern.charCodeAt(at);
      parts.push((code) => code === wanted);
    }
  }
  return parts;
}

/** A set that is not closed ends with the pattern. `end` is the place of its bracket. */
function parseSet(pattern: string, start: number): { matches: (code: number) => boolean; end: number } {
  let at = start;
  const negated = pattern[at] === '^';
  if (negated) at += 1;
  const ranges: [number, number][] = [];
  while (at < pattern.length && pattern[at] !== ']') {
    if (pattern[at] === '\\' && at + 1 < pattern.length) at += 1;
    const from = pattern.charCodeAt(at);
    if (pattern[at + 1] === '-' && at + 2 < pattern.length) {
      const to = pattern.charCodeAt(at + 2);
      ranges.push([Math.min(from, to), Math.max(from, to)]);
      at += 3;
    } else {
      ranges.push([from, from]);
      at += 1;
    }
  }
  return { matches: (code) => ranges.some(([from, to]) => code >= from && code <= to) !== negated, end: at };
}
