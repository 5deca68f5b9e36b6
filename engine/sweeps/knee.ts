import type { KneeFindings, NodeLimit } from '../api/types.ts';
import type { Scenario } from '../model/scenario.ts';
import type { KneeSweep } from '../model/sweep.ts';
import type { Course, Finding, SweepWork } from './course.ts';
import { judge, ruleText } from './judge.ts';
import { bracketOf, nextRate, type RateStep } from './knee-search.ts';
import { atRate } from './load.ts';
import { measure } from './measure.ts';
import { derivedSeed } from './seeds.ts';

/** Around the steps themselves: the start and the end of the traffic. */
const STEP_EXTRA_MS = 1000;

/** Finds the rate up to which a system serves all that arrives. Each step is a traffic of its own at a steady rate. */
export function kneeWork(sweep: KneeSweep, scenario: Scenario): SweepWork {
  const steps: KneeFindings['steps'] = [];
  const seed = sweep.seed ?? scenario.seed;

  return {
    name: sweep.name,
    title: sweep.title,
    scenario: scenario.name,
    seed,
    expected: () => ({
      steps: expectedSteps(sweep, steps),
      stepMs: sweep.warmUpMs + sweep.measureMs + STEP_EXTRA_MS,
    }),
    async run(course: Course) {
      atRate(scenario, sweep.startRatePerSec);
      course.step('start');
      await course.world.startTopology(course.document, course.directory);
      for (;;) {
        const ratePerSec = nextRate(sweep, steps);
        if (ratePerSec === null) return;
        const step = await course.point(`${Number(ratePerSec.toFixed(1))} per second`, async () => {
          const measured = await measure(course, {
            ...sweep,
            scenario: atRate(scenario, ratePerSec),
            seed: derivedSeed(seed, steps.length),
          });
          const latency = course.world.recording().latency({ range: measured.window });
          return { ...measured, ...judge(measured, latency, sweep), ratePerSec };
        });
        steps.push(step);
      }
    },
    finding: () => concludeKnee(sweep, steps),
  };
}

/** Half of the climb that may still come, then the halvings of what is left between within and beyond. */
function expectedSteps(
  { maxRatePerSec, startRatePerSec, growth, resolution }: KneeSweep,
  steps: readonly RateStep[],
): number {
  const halvings = (ratio: number): number =>
    Math.max(0, Math.ceil(Math.log2(Math.log(ratio) / Math.log1p(resolution))));
  const { within, beyond } = bracketOf(steps);
  if (within > 0 && beyond < Number.POSITIVE_INFINITY) return steps.length + halvings(beyond / within);
  const climb = Math.log(maxRatePerSec / Math.max(within, startRatePerSec)) / Math.log(growth);
  return steps.length + Math.max(1, Math.ceil(climb / 2)) + halvings(growth);
}

function concludeKnee(sweep: KneeSweep, steps: KneeFindings['steps']): Finding<KneeFindings> {
  const beyond = steps.filter(({ side }) => side === 'beyond').sort((a, b) => a.ratePerSec - b.ratePerSec);
  const lowest = beyond[0];
  const within = steps
    .filter(
      ({ side, ratePerSec }) => side === 'within' && ratePerSec < (lowest?.ratePerSec ?? Number.POSITIVE_INFINITY),
    )
    .sort((a, b) => b.ratePerSec - a.ratePerSec);
  const highest = within[0];
  const peakPerSec = steps.length > 0 ? Math.max(...steps.map(({ answeredPerSec }) => answeredPerSec)) : null;
  const findings: KneeFindings = {
    type: 'knee',
    steps,
    knee:
      highest && lowest
        ? {
            value: highest.ratePerSec,
            low: within.find(({ sure }) => sure)?.ratePerSec ?? null,
            high: beyond.find(({ sure }) => sure)?.ratePerSec ?? null,
          }
        : null,
    peakPerSec,
    boundBy: lowest ? boundBy(lowest.limits) : [],
    rule: ruleText(sweep),
  };
  const show = (rate: number | null | undefined): string => (rate == null ? '?' : `${Number(rate.toFixed(1))}`);
  const last = steps[steps.length - 1];
  const isSettled = nextRate(sweep, steps) === null && last?.side !== 'inconclusive';
  const warnings = [
    ...(findings.knee && (findings.knee.low === null || findings.knee.high === null)
      ? ['Chance alone may have decided the steps around the knee: measure longer to bound it on both sides.']
      : []),
  ];
  const done = { findings, warnings };
  if (findings.knee && lowest)
    return {
      ...done,
      isConclusive: isSettled,
      conclusion: `The knee lies at ${show(findings.knee.value)} per second [${show(findings.knee.low)}, ${show(findings.knee.high)}]: at ${show(lowest.ratePerSec)}, ${lowest.reasons.join('; ')}.${findings.boundBy.length > 0 ? ` What bound it: ${findings.boundBy.join('; ')}.` : ''}${isSettled ? '' : ' The search did not come to its end.'}`,
    };
  const stuck = last?.side === 'inconclusive' ? ` ${last.reasons.join(' ')}` : '';
  if (highest)
    return {
      ...done,
      isConclusive: isSettled,
      conclusion: `No knee up to ${show(highest.ratePerSec)} per second.${stuck}`,
    };
  if (lowest)
    return {
      ...done,
      isConclusive: false,
      conclusion: `Already ${show(lowest.ratePerSec)} per second is beyond the knee: ${lowest.reasons.join('; ')}. Start lower.${stuck}`,
    };
  return { ...done, isConclusive: false, conclusion: `Nothing was measured that can be trusted.${stuck}` };
}

/** Each limit once; a node that only waits for another one says so by itself. */
const boundBy = (limits: Record<string, NodeLimit>): string[] =>
  Object.entries(limits)
    .filter(([, { limit }]) => limit !== 'callee')
    .map(([node, { detail }]) => `${node}, ${detail}`);
