import type { HysteresisFindings } from '../api/types.ts';
import { ratioDifference } from '../experiments/statistics/ratio-difference.ts';
import type { Scenario } from '../model/scenario.ts';
import type { HysteresisSweep } from '../model/sweep.ts';
import type { Finding, SweepWork } from './course.ts';
import { judge, ruleText } from './judge.ts';
import { inSteps } from './load.ts';
import { longestRequestMs, measurementOf, observe, type Stretch } from './measure.ts';

const EXTRA_MS = 500;
/** Two-sided 99 %: several rates are compared. */
const Z = 2.5758;

/** Loads a system up and down again in one traffic: a state that depends on where the load came from shows itself. */
export function hysteresisWork(sweep: HysteresisSweep, scenario: Scenario): SweepWork {
  const steps: HysteresisFindings['steps'] = [];
  const seed = sweep.seed ?? scenario.seed;
  const down = sweep.ratesPerSec.slice(0, -1).reverse();
  const plan = [
    ...sweep.ratesPerSec.map((ratePerSec) => ({ ratePerSec, way: 'up' as const })),
    ...down.map((ratePerSec) => ({ ratePerSec, way: 'down' as const })),
  ];
  const stepMs = sweep.warmUpMs + sweep.measureMs;
  return {
    name: sweep.name,
    title: sweep.title,
    scenario: scenario.name,
    seed,
    expected: () => ({ steps: plan.length, stepMs: stepMs + EXTRA_MS }),
    async run(course) {
      const { world, signal, document } = course;
      const rates = plan.map(({ ratePerSec }) => ratePerSec);
      const load = {
        ...inSteps(scenario, rates, stepMs),
        gracefulStopMs: longestRequestMs(document, scenario),
      };
      course.step('start');
      await world.startTopology(document, course.directory);
      await world.startTraffic({ scenario: load, seed, directory: course.directory });
      world.recording().keepAll();
      const startedAtMs = world.now();
      const stretches: Stretch[] = [];
      /** Judged again each time: requests of a stretch may be decided after its end. */
      const judgeAll = (run: Parameters<typeof measurementOf>[2] = null): void => {
        steps.length = 0;
        for (const [index, stretch] of stretches.entries()) {
          const measured = measurementOf(course, stretch, run);
          const latency = world.recording().latency({ range: stretch.range });
          steps.push({ ...measured, ...judge(measured, latency, sweep), ...(plan[index] as (typeof plan)[number]) });
        }
      };
      for (const [index, { ratePerSec, way }] of plan.entries()) {
        course.step(`${way}, ${ratePerSec} per second`);
        await world.wait(Math.max(0, startedAtMs + index * stepMs + sweep.warmUpMs - world.now()), signal);
        const endMs = startedAtMs + (index + 1) * stepMs;
        stretches.push(await observe(course, Math.max(1, endMs - world.now())));
        judgeAll();
      }
      judgeAll(await world.stopTraffic());
    },
    finding: () => concludeHysteresis(sweep, steps),
  };
}

export function concludeHysteresis(
  sweep: Pick<HysteresisSweep, 'ratesPerSec' | 'goodputShare' | 'slo'>,
  steps: HysteresisFindings['steps'],
): Finding<HysteresisFindings> {
  const pairs = sweep.ratesPerSec.slice(0, -1).flatMap((ratePerSec) => {
    const up = steps.find((step) => step.way === 'up' && step.ratePerSec === ratePerSec);
    const down = steps.find((step) => step.way === 'down' && step.ratePerSec === ratePerSec);
    return up && down ? [{ ratePerSec, up, down }] : [];
  });
  const rates = pairs.map(({ ratePerSec, up, down }) => ({
    ratePerSec,
    successChange: ratioDifference(
      { successes: up.ok, samples: up.arrivals },
      { successes: down.ok, samples: down.arrivals },
      Z,
    ),
    differs: up.side === 'within' && down.side === 'beyond' && down.sure,
  }));
  const top = steps.find(({ ratePerSec }) => ratePerSec === sweep.ratesPerSec[sweep.ratesPerSec.length - 1]);
  const metastable = rates.filter(({ differs }) => differs);
  const untrusted = steps.filter(({ side }) => side === 'inconclusive');
  const isWhole = steps.length === 2 * sweep.ratesPerSec.length - 1;
  const isOverloaded = top?.side === 'beyond';
  // A state that differs is shown by one rate; that none does, only by all of them after too much load.
  const shown =
    metastable.length > 0
      ? true
      : isWhole && isOverloaded && untrusted.length === 0 && pairs.some(({ up }) => up.side === 'within')
        ? false
        : null;
  const findings: HysteresisFindings = { type: 'hysteresis', steps, rates, metastable: shown, rule: ruleText(sweep) };
  const warnings =
    untrusted.length > 0
      ? [`${untrusted.length} of ${steps.length} steps say nothing: ${untrusted[0]?.reasons[0]}`]
      : [];
  if (shown === true)
    return {
      findings,
      warnings,
      isConclusive: true,
      conclusion: `Metastable: at ${metastable.map(({ ratePerSec }) => ratePerSec).join(', ')} per second all was well on the way up, and not on the way down (success ${metastable.map(({ successChange: { value, low, high } }) => `${percent(value)} [${percent(low)}, ${percent(high)}]`).join('; ')}). The overload outlived its cause.`,
    };
  if (shown === false)
    return {
      findings,
      warnings,
      isConclusive: true,
      conclusion:
        'No hysteresis was shown: every rate that was served well on the way up was so on the way down, after a load that was too much.',
    };
  const why = !isWhole
    ? 'it did not come to its end'
    : untrusted.length > 0
      ? 'steps of it cannot be trusted'
      : !isOverloaded
        ? 'the load never was too much: raise the last rate'
        : 'no rate was served well even on the way up: lower the first ones';
  return { findings, warnings, isConclusive: false, conclusion: `Nothing can be said about hysteresis, since ${why}.` };
}

const percent = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value * 100).toFixed(1)} points`;
