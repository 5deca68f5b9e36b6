import { type Experiment, experimentSchema } from '../experiment.ts';
import { scenarioSchema } from '../scenario.ts';
import type { Proof } from './hint.ts';
import type { HintSight, Journey } from './sight.ts';

/** What a document's own traffic may be raised to, for a proof; more would measure the machine. */
export const MOST_PER_SEC = 300;

/** Of the document's own traffic, so much is enough to see what happens. */
const MOST_OWN_PER_SEC = 100;
/** With fewer, nothing could be concluded in a short time. */
const LEAST_PER_SEC = 10;

const LEAST_SAMPLES = 60;

type Steps = Experiment['method'];
type Probes = Experiment['during'];

export const noJourney = (what: string): { missing: string } => ({
  missing: `No scenario sends requests ${what}. Add such a route to a scenario.`,
});

/** Leaves room for a number. */
const LONGEST_NAME = 70;

/** A free name among those that are taken. */
function free(name: string, taken: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name.slice(0, LONGEST_NAME) : `${name.slice(0, LONGEST_NAME)}-${n}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** Makes the experiment of a hint, with traffic on just these journeys. */
export function proofOf(
  { document }: Pick<HintSight, 'document'>,
  plan: {
    name: string;
    title: string;
    statement: string;
    journeys: readonly Journey[];
    /** At least so much traffic in all. */
    ratePerSec?: number;
    /** Just so much. */
    exactRatePerSec?: number;
    /** Number of values of each parameter of the paths. */
    keys?: number;
    /** Least time that a fault is on. */
    durationMs?: number;
    recoveryWithinMs?: number;
    /** More than success, in the steady state. */
    steady?: Probes;
    method(durationMs: number): unknown[];
    during: Probes;
  },
): Proof {
  const own = plan.journeys.reduce((sum, { ratePerSec }) => sum + (ratePerSec ?? 0), 0);
  const ratePerSec =
    plan.exactRatePerSec ??
    Math.max(plan.ratePerSec ?? 0, own === 0 ? 40 : Math.min(Math.max(own, LEAST_PER_SEC), MOST_OWN_PER_SEC));
  // Requests of at most the second half count where they hang.
  const durationMs = Math.round(Math.max(plan.durationMs ?? 3000, (2 * LEAST_SAMPLES * 1000) / ratePerSec));
  const clients = [...new Set(plan.journeys.map(({ client }) => client))];
  const scenario = scenarioSchema.parse({
    name: free(
      plan.name,
      document.scenarios.map(({ name }) => name),
    ),
    description: `Traffic of the hint “${plan.title}”.`.slice(0, 2000),
    traffic: clients.map((client) => {
      const journeys = plan.journeys.filter((journey) => journey.client === client);
      return {
        executor: 'constant-arrival-rate',
        client,
        ratePerSec: (ratePerSec * journeys.length) / plan.journeys.length,
        arrivals: 'uniform',
        routes: journeys.map(({ route }) => ({
          ...route,
          parameters: route.parameters.map((parameter) => ({ ...parameter, keys: plan.keys ?? parameter.keys })),
        })),
      };
    }),
  });
  const experiment = experimentSchema.parse({
    name: free(
      plan.name,
      document.experiments.map(({ name }) => name),
    ),
    title: plan.title.slice(0, 200),
    statement: plan.statement.slice(0, 2000),
    scenario: scenario.name,
    warmUpMs: 1500,
    steadyStateMs: Math.round(Math.max(2000, (LEAST_SAMPLES * 1000) / ratePerSec)),
    steadyStateHypothesis: {
      title: 'Requests are answered',
      probes: [
        { name: 'requests are answered', measure: { type: 'success-ratio' }, tolerance: { min: 0.95 } },
        ...(plan.steady ?? []),
      ],
    },
    method: plan.method(durationMs) as Steps,
    during: plan.during,
    recoveryWithinMs: plan.recoveryWithinMs ?? 15_000,
  });
  return { experiment, scenario };
}
