/** Figures as people read them; the same in the terminal and in reports. */
export {
  count,
  limit,
  mebibytes,
  milliseconds,
  percent,
  perSecond,
  plural,
  reasons,
  seconds,
} from '../reports/figures.ts';
