/**
 * Where the statements of an SQL text begin, as PostgreSQL's own programs find it: semicolons outside of quotes, dollar
 * quotes, comments, parentheses, and the body of an SQL function (`begin atomic … end`) end one. Only to say where an error is:
 * the server gets the text as it is.
 */
export function statementStarts(sql: string): number[] {
  const starts: number[] = [];
  let isOpen = false;
  let parentheses = 0;
  /** How deep in `begin atomic` and the `case` within; 0 outside. */
  let body = 0;
  let lastWord = '';
  token.lastIndex = 0;
  for (let found = token.exec(sql); found; found = token.exec(sql)) {
    const [text] = found;
    if (/^(\s|--|\/\*)/.test(text)) {
      // The expression finds the first end of a comment; PostgreSQL's nest.
      if (text.startsWith('/*')) token.lastIndex = endOfComment(sql, found.index);
      continue;
    }
    if (text === ';' && parentheses === 0 && body === 0) {
      isOpen = false;
      continue;
    }
    if (!isOpen) starts.push(found.index);
    isOpen = true;
    const word = text.toLowerCase();
    if (text === '(') parentheses += 1;
    else if (text === ')') parentheses = Math.max(0, parentheses - 1);
    else if (word === 'atomic' && lastWord === 'begin') body = 1;
    else if (body > 0 && word === 'case') body += 1;
    else if (body > 0 && word === 'end') body -= 1;
    lastWord = word;
  }
  return starts;
}

/** Space, comments, quoted names and strings (with backslashes where they are E'…'), dollar quotes, words, and anything else. */
const token =
  /\s+|--[^\n]*|\/\*|"(?:[^"]|"")*"?|[eE]'(?:[^'\\]|\\.|'')*'?|'(?:[^']|'')*'?|(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$).*?(?:\1|$)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|./gs;

function endOfComment(sql: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < sql.length) {
    const two = sql.slice(at, at + 2);
    if (two === '/*') depth += 1;
    if (two === '*/') depth -= 1;
    at += two === '/*' || two === '*/' ? 2 : 1;
    if (depth === 0) return at;
  }
  return sql.length;
}
