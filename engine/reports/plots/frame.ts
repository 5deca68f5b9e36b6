import { type Markup, markup } from '../markup.ts';
import type { Report } from '../report.ts';
import { type Scale, timeScale } from './scale.ts';

/** All plots are this wide, and begin and end at the same places, so that what stands in one column happened at one time. */
export const PLOT = { width: 960, left: 64, right: 948 } as const;

export interface TimeAxis {
  fromMs: number;
  toMs: number;
  /** Of a moment in epoch milliseconds. */
  x(atMs: number): number;
  scale: Scale;
}

/** From the start of the traffic to its end. */
export function timeAxis({ result }: Pick<Report, 'result'>): TimeAxis {
  const fromMs = result.startedAtMs;
  const toMs = fromMs + Math.max(1, result.durationMs);
  const scale = timeScale(toMs - fromMs, PLOT.left, PLOT.right);
  return { fromMs, toMs, scale, x: (atMs) => round(scale.at(Math.min(toMs, Math.max(fromMs, atMs)) - fromMs)) };
}

export const round = (value: number): number => Math.round(value * 10) / 10;

/** `0`, `30 s`, `2:30 min`. */
function clock(ms: number): string {
  const total = Math.round(ms / 1000);
  if (total < 120) return `${total} s`;
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)} h` : `${minutes}:${two(rest)} min`;
}

/** Lines and numbers along the time, from `top` to `bottom`. */
export const timeLines = (axis: TimeAxis, top: number, bottom: number): Markup =>
  markup`${axis.scale.ticks.map((ms) => {
    const x = round(axis.scale.at(ms));
    return markup`<path class="p-grid" d="M${x} ${top}V${bottom}"/><text class="p-tick" x="${x}" y="${bottom + 15}" text-anchor="middle">${clock(ms)}</text>`;
  })}`;

/** Whole stretches of time behind a plot, such as those in which a fault was on. */
export interface Band {
  fromMs: number;
  toMs: number;
  lane: 'fault' | 'change';
}

export const bandsBehind = (axis: TimeAxis, bands: readonly Band[], top: number, bottom: number): Markup =>
  markup`${bands.map(({ fromMs, toMs, lane }) => {
    const [from, to] = [axis.x(fromMs), axis.x(toMs)];
    return markup`<rect class="p-band-${lane}" x="${from}" y="${top}" width="${Math.max(1.5, round(to - from))}" height="${bottom - top}"/>`;
  })}`;
