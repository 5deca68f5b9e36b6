import type { ComparedFigure } from '../../records/record.ts';
import { type Markup, markup } from '../markup.ts';

const [WIDTH, HEIGHT] = [220, 22];

/** The interval of a difference about zero in the middle, drawn so that it fits. Null where there is none. */
export function intervalBar({ what, interval, difference, verdict }: ComparedFigure): Markup | null {
  if (!interval || difference === null) return null;
  const reach = Math.max(Math.abs(interval.low), Math.abs(interval.high)) || 1;
  const x = (value: number): number => Math.round((WIDTH / 2 + (value / reach) * (WIDTH / 2 - 6)) * 10) / 10;
  const tone = verdict === 'none shown' ? 's-calm' : 's-change';
  const [low, high] = [x(interval.low), x(interval.high)];
  return markup`<svg class="range" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${what}: ${verdict === 'none shown' ? 'the interval holds zero' : 'the interval lies on one side of zero'}"><path class="p-grid" d="M0 11H${WIDTH}"/><rect class="${tone}" x="${low}" y="6" width="${Math.max(2, Math.round((high - low) * 10) / 10)}" height="10" rx="3"/><path class="p-zero" d="M${WIDTH / 2} 2V20"/><circle class="p-mark" cx="${x(difference)}" cy="11" r="3.5"/></svg>`;
}
