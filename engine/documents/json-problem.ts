export interface JsonProblem {
  message: string;
  /** Both from 1. */
  line: number;
  column: number;
  /** The text ends before the value does, as a file does that was cut off. */
  truncated: boolean;
}

const tokens = {
  space: /[ \t\n\r]*/y,
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these in a string.
  string: /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y,
  scalar: /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y,
};

/**
 * Where and why a text is no JSON, or null when it is. Engines word this differently and some leave the place out,
 * so the text is read once more, here, after `JSON.parse` has refused it.
 */
export function findJsonProblem(text: string): JsonProblem | null {
  let at = 0;
  const take = (token: RegExp): boolean => {
    token.lastIndex = at;
    if (!token.test(text)) return false;
    at = token.lastIndex;
    return true;
  };
  const takeCharacter = (characters: string): string | null => {
    take(tokens.space);
    const character = text[at];
    if (character === undefined || !characters.includes(character)) return null;
    at += 1;
    return character;
  };
  const problem = (expected: string): JsonProblem => {
    take(tokens.space);
    return { ...wordingOf(text, at, expected), ...placeOf(text, at) };
  };
  /** A name with its colon, as it stands before each value of an object. */
  const takeName = (): JsonProblem | null => {
    take(tokens.space);
    if (!take(tokens.string)) return problem('a name in double quotes');
    return takeCharacter(':') ? null : problem('":"');
  };

  // One bracket for each array or object that is open: no recursion, so that no nesting is too deep.
  const open: string[] = [];
  for (;;) {
    const opened = takeCharacter('[{');
    if (opened) {
      const close = opened === '[' ? ']' : '}';
      if (!takeCharacter(close)) {
        open.push(close);
        const wrong = close === '}' ? takeName() : null;
        if (wrong) return wrong;
        continue;
      }
    } else if (!take(tokens.string) && !take(tokens.scalar)) return problem('a value');

    for (;;) {
      const close = open.at(-1);
      if (close === undefined) {
        take(tokens.space);
        return at === text.length ? null : problem('the end of the file');
      }
      if (takeCharacter(close)) {
        open.pop();
        continue;
      }
      if (!takeCharacter(',')) return problem(`"," or "${close}"`);
      const wrong = close === '}' ? takeName() : null;
      if (wrong) return wrong;
      break;
    }
  }
}

function wordingOf(text: string, at: number, expected: string): { message: string; truncated: boolean } {
  // A string or number that runs into the end of the text was cut off, too.
  const rest = text.slice(at, at + 100_000);
  const truncated =
    at >= text.length ||
    (at + rest.length >= text.length && /^(?:"(?:[^"\\\n]|\\.)*\\?|-|tru?|t|fa?l?s?|nu?l?)$/.test(rest));
  if (truncated) return { message: `the file ends where ${expected} should stand`, truncated };
  const found = JSON.stringify(String.fromCodePoint(text.codePointAt(at) as number));
  return { message: `${found} stands where ${expected} should`, truncated };
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}
