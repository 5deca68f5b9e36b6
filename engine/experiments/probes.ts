import type { DeployStatus, ProbeResult, RunResult } from '../api/types.ts';
import { percentileMs } from '../metrics/histogram.ts';
import type { Recording } from '../metrics/recording.ts';
import type { TimeRange } from '../metrics/source-recording.ts';
import { failedIn } from '../metrics/tally.ts';
import {
  type ChangeMeasure,
  isOfChange,
  isOfRequests,
  type Measure,
  type Probe,
  type Range,
} from '../model/experiment.ts';
import { boundsOf } from '../model/tolerance.ts';
import { observedText, wantedText } from './probe-words.ts';
import {
  type Interval,
  minimumForPercentile,
  minimumForRatio,
  percentileInterval,
  poissonInterval,
  wilsonInterval,
} from './statistics.ts';

/** A value with what chance may have done to it: the true one lies in the interval with a confidence of 99 %. */
export interface Measurement {
  /** Null when there is nothing to measure. */
  value: number | null;
  /** An open side is null. */
  interval: { low: number | null; high: number | null };
  samples: number;
  /** Fewer samples than this prove nothing. */
  minimumSamples: number;
  unit: ProbeResult['unit'];
}

/** What a probe measures on the requests whose intended start lies in the range. What is of something else has none. */
export function measure(recording: Recording, what: Measure, range: TimeRange): Measurement {
  if (!isOfRequests(what))
    return { value: null, interval: { low: null, high: null }, samples: 0, minimumSamples: 1, unit: 'ratio' };
  const selection = { range, route: what.route };
  const tally = recording.tally(selection);
  // An arrival that the client had to drop, or whose answer never came, was not served either.
  const arrivals = tally.issued + tally.dropped;
  switch (what.type) {
    case 'success-ratio':
      return {
        value: arrivals > 0 ? tally.ok / arrivals : null,
        interval: wilsonInterval(tally.ok, arrivals),
        samples: arrivals,
        minimumSamples: minimumForRatio(),
        unit: 'ratio',
      };
    case 'latency': {
      const latency = recording.latency(selection);
      const { low, high } = percentileInterval(what.percentile, latency.total);
      return {
        value: percentileMs(latency, what.percentile),
        interval: {
          low: low === null ? null : percentileMs(latency, low),
          high: high === null ? null : percentileMs(latency, high),
        },
        samples: latency.total,
        minimumSamples: minimumForPercentile(what.percentile),
        unit: 'ms',
      };
    }
    case 'throughput': {
      const { okPerSec } = recording.rates(selection);
      const seconds = tally.ok > 0 ? tally.ok / okPerSec : null;
      const events: Interval = poissonInterval(tally.ok);
      return {
        value: arrivals > 0 ? okPerSec : null,
        interval: seconds ? { low: events.low / seconds, high: events.high / seconds } : { low: 0, high: null },
        samples: arrivals,
        minimumSamples: minimumForRatio(),
        unit: 'per second',
      };
    }
  }
}

/** Distance to the nearest bound; negative outside. */
export function marginOf(value: number, { min, max }: Range): number {
  return Math.min(
    min === undefined ? Number.POSITIVE_INFINITY : value - min,
    max === undefined ? Number.POSITIVE_INFINITY : max - value,
  );
}

export const holdsIn = ({ value }: Measurement, tolerance: Range): boolean =>
  value !== null && marginOf(value, tolerance) >= 0;

/** True when chance cannot explain that the value is outside. */
export function surelyBroken({ interval, value }: Measurement, { min, max }: Range): boolean {
  if (value === null) return false;
  return (
    (min !== undefined && interval.high !== null && interval.high < min) ||
    (max !== undefined && interval.low !== null && interval.low > max)
  );
}

export interface ProbeWindow {
  phase: ProbeResult['phase'];
  fault: string | null;
  window: TimeRange;
  record?: string | null;
}

/** `run` is what a change is measured on. */
export function judgeProbe(
  recording: Recording,
  probe: Probe,
  { phase, fault, window, record = null }: ProbeWindow,
  run?: RunResult,
): ProbeResult {
  const measurement =
    run && isOfChange(probe.measure) ? measureChange(run, probe.measure) : measure(recording, probe.measure, window);
  const { value, samples, minimumSamples, unit } = measurement;
  const few = `It has ${samples} of the ${minimumSamples} samples that it needs; raise the rate or lengthen the phase.`;
  const bounds = boundsOf(probe.tolerance);
  return {
    name: probe.name,
    measure: probe.measure.type,
    phase,
    fault,
    window: { ...window },
    value,
    observed: observedText(value, unit),
    unit,
    samples,
    tolerance: bounds,
    wanted: wantedText(probe.tolerance, unit),
    margin: value === null ? null : marginOf(value, bounds),
    holds: holdsIn(measurement, bounds),
    inconclusive: samples < minimumSamples ? few : null,
    evidence: { window: { ...window }, record, counters: countersOf(recording, probe.measure, window), looks: [] },
  };
}

function countersOf(recording: Recording, what: Measure, range: TimeRange): Record<string, number> {
  if (!isOfRequests(what)) return {};
  const tally = recording.tally({ range, route: what.route });
  return { issued: tally.issued, ok: tally.ok, failed: failedIn(tally), dropped: tally.dropped };
}

/** What a probe measures on the changes of a run. Not drawn from samples, so that chance has no part in it. */
function measureChange(run: RunResult, what: ChangeMeasure): Measurement {
  const exact = (value: number | null, samples: number, unit: Measurement['unit']): Measurement => ({
    value,
    interval: { low: value, high: value },
    samples,
    minimumSamples: 1,
    unit,
  });
  if (what.type === 'blast-radius') {
    const impact = run.deploys.findLast(({ node }) => node === what.node)?.impact;
    return exact(impact?.blastRadius ?? null, impact?.requests ?? 0, 'ratio');
  }
  if (what.type === 'deploy') {
    const deploy = run.deploys.findLast(({ node }) => node === what.node);
    const value = deploy ? figureOf(deploy, what.read) : null;
    return exact(value, deploy ? 1 : 0, what.read === 'lead-time' || what.read === 'rollback-time' ? 'ms' : 'count');
  }
  const figures = run.scaling[what.node];
  // A load that was never carried has no time to scale, and is no success.
  if (!figures || figures.unfinished > 0) return exact(null, figures ? 1 : 0, 'ms');
  return exact(figures.timeToScaleMs?.max ?? null, figures.timeToScaleMs ? 1 : 0, 'ms');
}

/** Null where it did not come to that, which is no success. */
function figureOf(deploy: DeployStatus, read: Extract<ChangeMeasure, { type: 'deploy' }>['read']): number | null {
  if (read === 'lead-time') return deploy.leadTimeMs;
  if (read === 'rollback-time') return deploy.rollback?.durationMs ?? null;
  if (read === 'modules') return deploy.pipeline.modules;
  if (read === 'started') return deploy.processes.started;
  return deploy.impact?.failed ?? null;
}
