import type { ReplicasFindings } from '../api/types.ts';
import { fitScalabilityLaw } from '../experiments/statistics/scalability-law.ts';
import type { Scenario } from '../model/scenario.ts';
import type { ReplicasSweep } from '../model/sweep.ts';
import type { Finding, SweepWork } from './course.ts';
import { asUsers } from './load.ts';
import { measure } from './measure.ts';
import { derivedSeed } from './seeds.ts';

const STEP_EXTRA_MS = 1500;

/** How much a node does with so many replicas, each of them kept busy by users of its own; and the law that this follows. */
export function replicaCurveWork(sweep: ReplicasSweep, scenario: Scenario): SweepWork {
  const points: ReplicasFindings['points'] = [];
  const seed = sweep.seed ?? scenario.seed;
  return {
    name: sweep.name,
    title: sweep.title,
    scenario: scenario.name,
    seed,
    expected: () => ({
      steps: sweep.replicas.length * sweep.repetitions,
      stepMs: sweep.warmUpMs + sweep.measureMs + STEP_EXTRA_MS,
    }),
    async run(course) {
      course.step('start');
      await course.world.startTopology(course.document, course.directory);
      for (let repetition = 0; repetition < sweep.repetitions; repetition += 1) {
        // There and back again: what drifts meanwhile hits few and many replicas alike.
        const counts = repetition % 2 === 0 ? sweep.replicas : [...sweep.replicas].reverse();
        for (const replicas of counts) {
          const users = replicas * sweep.usersPerReplica;
          const point = await course.point(`${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`, async () => {
            await course.world.scale({ node: sweep.node, replicas });
            const measured = await measure(course, {
              ...sweep,
              scenario: asUsers(scenario, users),
              seed: derivedSeed(seed, points.length),
            });
            return { ...measured, replicas, repetition, users };
          });
          points.push(point);
        }
      }
    },
    finding: () => concludeCurve(sweep, points),
  };
}

function concludeCurve(
  { node }: Pick<ReplicasSweep, 'node'>,
  points: ReplicasFindings['points'],
): Finding<ReplicasFindings> {
  const usable = points.filter(({ problems, answeredPerSec }) => problems.length === 0 && answeredPerSec > 0);
  const fit = fitScalabilityLaw(usable.map(({ replicas, answeredPerSec }) => ({ replicas, perSec: answeredPerSec })));
  const findings: ReplicasFindings = { type: 'replicas', node, points, fit };
  const left = points.length - usable.length;
  const warnings = [
    ...(left > 0
      ? [
          `${left} of ${points.length} points are left out: ${points.find(({ problems }) => problems.length > 0)?.problems[0] ?? 'nothing was answered.'}`,
        ]
      : []),
    ...idle(node, usable),
  ];
  if (!fit)
    return {
      findings,
      warnings,
      isConclusive: false,
      conclusion:
        'Fewer than three numbers of replicas were measured in a way that can be trusted, so that no law can be fitted.',
    };
  const show = (
    { value, low, high }: { value: number; low: number | null; high: number | null },
    digits: number,
  ): string => `${value.toFixed(digits)} [${low?.toFixed(digits) ?? '?'}, ${high?.toFixed(digits) ?? '?'}]`;
  const peak = fit.peak
    ? ` Most at ${fit.peak.replicas.toFixed(1)} replicas: ${fit.peak.perSec.toFixed(0)} per second${fit.peak.replicas > Math.max(...usable.map(({ replicas }) => replicas)) ? ', beyond what was measured' : ''}.`
    : ' No number of replicas was found from which on more of them make it slower.';
  return {
    findings,
    warnings,
    isConclusive: true,
    conclusion: `One replica alone answers ${show(fit.lambda, 1)} per second (λ); contention σ ${show(fit.sigma, 4)}, coherency κ ${show(fit.kappa, 5)}.${peak}`,
  };
}

/** With too few users a replica idles, and the curve is one of the users. */
function idle(node: string, points: ReplicasFindings['points']): string[] {
  const idling = points.filter(({ limits }) => Object.keys(limits).length === 0).map(({ replicas }) => replicas);
  if (idling.length === 0) return [];
  return [
    `Nothing was at a limit with ${[...new Set(idling)].join(', ')} replicas of ${node}: more users may bring more. A node without slots is bound by its CPU only.`,
  ];
}
