import { type Markup, markup } from '../markup.ts';
import { type Point, thinned } from './thinned.ts';

const [WIDTH, HEIGHT] = [110, 24];

/** A curve for a cell of a table: its shape, and no numbers but those in its title. */
export function sparkline(points: readonly Point[], title: string): Markup | null {
  const kept = thinned(points, 110);
  const values = kept.flatMap(({ value }) => value ?? []);
  const [first, last] = [kept[0], kept.at(-1)];
  if (!first || !last || values.length < 2) return null;
  const max = Math.max(...values, Number.EPSILON);
  const span = Math.max(1, last.atMs - first.atMs);
  const line = kept
    .map(({ atMs, value }) => {
      const x = 1 + ((WIDTH - 2) * (atMs - first.atMs)) / span;
      const y = HEIGHT - 2 - ((HEIGHT - 4) * (value ?? 0)) / max;
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('L');
  return markup`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}"><title>${title}</title><path class="p-area p-node" d="M1 ${HEIGHT - 2}L${line}L${WIDTH - 1} ${HEIGHT - 2}Z"/><path class="p-line p-node" d="M${line}"/></svg>`;
}
