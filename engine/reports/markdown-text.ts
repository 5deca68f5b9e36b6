/** Text of a document within Markdown, where it is text alone: no markup, link, table cell or line of its own. */
export const plain = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]<>()#+!|~$&@:-]/g, (sign) => (needsEscape(sign) ? `\\${sign}` : sign))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;');

const needsEscape = (sign: string): boolean => !'():-+@&<'.includes(sign);

/** Between back-quotes, in a fence that no text closes. */
export function code(text: string): string {
  const shown = oneLine(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

const oneLine = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** Columns whose name ends with "#" hold figures. Cells are Markdown already. */
export function markdownTable(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [
    `| ${columns.map((column) => column.replace(/#$/, '')).join(' | ')} |`,
    `|${columns.map((column) => (column.endsWith('#') ? '---:' : '---')).join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ];
}
