import { type Markup, markup } from '../markup.ts';
import type { Section } from './page.ts';

type Cell = Markup | string | null;

/** A table that is read out loud as well: a caption, heads of columns, the first cell of a row as its head. */
export const table = (
  caption: string,
  /** Columns whose name ends with "#" hold figures. */
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: { className?: string } = {},
): Markup | null =>
  rows.length === 0
    ? null
    : markup`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="${options.className ?? 'plain'}"><caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col"${isFigure(column)}>${column.replace(/#$/, '')}</th>`)}</tr></thead>
<tbody>${rows.map(
        (row) => markup`<tr>${row.map((cell, index) =>
          index === 0
            ? markup`<th scope="row">${cell}</th>`
            : markup`<td${isFigure(columns[index] ?? '')}>${cell}</td>`,
        )}</tr>
`,
      )}</tbody></table></div>`;

const isFigure = (column: string): Markup | null => (column.endsWith('#') ? markup` class="figure"` : null);

/** A part of the page with a heading; without content it is left out. */
export const section = (
  id: string,
  title: string,
  ...content: readonly (Markup | null | undefined | false)[]
): Section => {
  const shown = content.filter((part): part is Markup => !!part && part.text.trim() !== '');
  return {
    id,
    title,
    content:
      shown.length === 0
        ? null
        : markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${shown}</section>
`,
  };
};
