import type { Analysis } from '../../model/deploy.ts';
import type { VersionFigures } from './version-meter.ts';

/** The least share of failures that chance leaves possible, with a confidence of 99 %. */
export type LeastShare = (failures: number, samples: number) => number;

/** Why a new version is bad for certain, or null. Asked again and again while it is observed: the sooner it goes, the better. */
export function surelyBad(
  { requests, errors }: VersionFigures,
  analysis: Analysis,
  leastShare: LeastShare,
): string | null {
  if (requests < analysis.minRequests || leastShare(errors, requests) <= analysis.maxErrorRatio) return null;
  return errorText(errors, requests, analysis);
}

/** Why a new version may not go on after it was observed, or null. In doubt it may not. */
export function notGoodEnough({ requests, errors, p99Ms }: VersionFigures, analysis: Analysis): string | null {
  const { minRequests, maxErrorRatio, maxP99Ms } = analysis;
  if (requests < minRequests) return `it had ${requests} requests, and ${minRequests} are needed for a judgement`;
  if (errors / requests > maxErrorRatio) return errorText(errors, requests, analysis);
  if (maxP99Ms !== null && p99Ms !== null && p99Ms > maxP99Ms)
    return `its p99 was ${p99Ms.toFixed(1)} ms, and ${maxP99Ms} ms is allowed`;
  return null;
}

const errorText = (errors: number, requests: number, { maxErrorRatio }: Analysis): string =>
  `it failed ${errors} of ${requests} requests (${percent(errors / requests)}), and ${percent(maxErrorRatio)} is allowed`;

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`;
