import type { Judgement, Measurement } from '../api/types.ts';
import { percentileInterval, wilsonInterval } from '../experiments/statistics.ts';
import { type Histogram, percentileMs } from '../metrics/histogram.ts';
import type { Slo } from '../model/sweep.ts';

/** Two-sided 95 %. */
const Z = 1.959964;

export interface Rule {
  goodputShare: number;
  slo: Slo | null;
}

export const ruleText = ({ goodputShare, slo }: Rule): string =>
  [
    `A rate is beyond the knee when less than ${Math.round(goodputShare * 1000) / 10} % of what arrives is answered well (what is dropped or fails is not), when more than the rest of it is added to the backlog`,
    ...(slo ? [`or when p${slo.percentile} is more than ${slo.latencyMs} ms`] : []),
  ].join(', ');

interface Criterion {
  isMet: boolean;
  /** Chance alone does not explain it. */
  sure: boolean;
  text: string;
}

/** On which side of the knee what was measured lies. */
export function judge(
  measured: Pick<Measurement, 'arrivals' | 'ok' | 'backlogGrowth' | 'problems' | 'limits'>,
  latency: Histogram | null,
  rule: Rule,
): Judgement {
  if (measured.problems.length > 0) return { side: 'inconclusive', sure: false, reasons: measured.problems };
  const criteria = [goodput(measured, rule), pace(measured, rule), ...(rule.slo ? [objective(latency, rule.slo)] : [])];
  const missed = criteria.filter(({ isMet }) => !isMet);
  if (missed.length > 0)
    return { side: 'beyond', sure: missed.some(({ sure }) => sure), reasons: missed.map(({ text }) => text) };
  return { side: 'within', sure: criteria.every(({ sure }) => sure), reasons: [] };
}

function goodput({ ok, arrivals }: Pick<Measurement, 'ok' | 'arrivals'>, { goodputShare }: Rule): Criterion {
  const { low, high } = wilsonInterval(ok, arrivals, Z);
  const isMet = ok >= goodputShare * arrivals;
  return {
    isMet,
    sure: isMet ? low >= goodputShare : high < goodputShare,
    text: `${((100 * ok) / arrivals).toFixed(1)} % of ${arrivals} arrivals were answered well`,
  };
}

/**
 * What arrived against what was decided in the same time. Where the system keeps up, they differ by what is under way at
 * both ends. Even where it just keeps up, the backlog of random arrivals wanders by the root of their number: so much may be
 * chance, unless nothing was at a limit, where no backlog can last.
 */
function pace(
  { backlogGrowth, arrivals, limits }: Pick<Measurement, 'backlogGrowth' | 'arrivals' | 'limits'>,
  { goodputShare }: Rule,
): Criterion {
  const share = 1 - backlogGrowth / arrivals;
  const chance = Z / Math.sqrt(arrivals);
  const isMet = share >= goodputShare;
  return {
    isMet,
    sure: isMet ? share - chance >= goodputShare || Object.keys(limits).length === 0 : share + chance < goodputShare,
    text: `of ${arrivals} arrivals ${backlogGrowth} were added to the backlog`,
  };
}

function objective(latency: Histogram | null, { percentile, latencyMs }: Slo): Criterion {
  const value = latency && percentileMs(latency, percentile);
  if (!latency || value === null) return { isMet: true, sure: false, text: 'nothing was answered' };
  const { low, high } = percentileInterval(percentile, latency.total, Z);
  const isMet = value <= latencyMs;
  return {
    isMet,
    sure: isMet
      ? high !== null && (percentileMs(latency, high) ?? 0) <= latencyMs
      : low !== null && (percentileMs(latency, low) ?? 0) > latencyMs,
    text: `p${percentile} is ${value.toFixed(1)} ms, and ${latencyMs} ms are allowed`,
  };
}
