import type { FaultStatus, GridFindings } from '../api/types.ts';
import { wilsonInterval } from '../experiments/statistics.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { retriesSchema } from '../model/policies.ts';
import type { Scenario } from '../model/scenario.ts';
import type { GridSweep } from '../model/sweep.ts';
import type { Course, Finding, SweepWork } from './course.ts';
import { atRate, scenarioRate } from './load.ts';
import { measure } from './measure.ts';

const STEP_EXTRA_MS = 1500;
const Z = 1.959964;
/** Beyond what a cell should take: a fault whose sweep hangs comes off by itself. */
const LEASE_MARGIN_MS = 60_000;

/** Each combination of timeout and retries of one edge under the same arrivals, with a fault if one is wanted. */
export function gridWork(sweep: GridSweep, scenario: Scenario): SweepWork {
  const cells: GridFindings['cells'] = [];
  const seed = sweep.seed ?? scenario.seed;
  const combinations = sweep.timeoutsMs.flatMap((timeoutMs) =>
    sweep.attempts.map((attempts) => ({ timeoutMs, attempts })),
  );

  return {
    name: sweep.name,
    title: sweep.title,
    scenario: scenario.name,
    seed,
    expected: () => ({
      steps: combinations.length,
      stepMs: sweep.warmUpMs + sweep.measureMs + STEP_EXTRA_MS,
    }),
    async run(course) {
      const load = atRate(scenario, rateOf(sweep, scenario));
      const documents = combinations.map((combination) => withEdge(course.document, sweep.edge, combination));
      for (const document of documents) course.world.check(document);
      let isStarted = false;
      const cellOf = async (combination: (typeof combinations)[number], document: ArchipelDocument) => {
        if (isStarted) await course.world.applyDocument(document);
        else await course.world.startTopology(document, course.directory);
        isStarted = true;
        const problems: string[] = [];
        const fault = await faultOn(course, sweep, seed);
        if (fault && !fault.proofOfEffect?.holds)
          problems.push(
            `The fault ${fault.fault} had no proven effect: ${fault.error ?? fault.proofOfEffect?.evidence}.`,
          );
        // The same seed: every cell meets the same arrivals.
        const measured = await measure({ ...course, document }, { ...sweep, scenario: load, seed });
        if (fault) {
          const { proofOfRemoval } = await course.world.clearFault(fault.id);
          if (!proofOfRemoval?.holds) problems.push(`The fault ${fault.fault} was not proven to be off.`);
        }
        return { ...measured, ...combination, problems: [...problems, ...measured.problems] };
      };
      for (const [index, combination] of combinations.entries()) {
        const name = `timeout ${combination.timeoutMs} ms, ${combination.attempts} attempts`;
        cells.push(await course.point(name, () => cellOf(combination, documents[index] as ArchipelDocument)));
      }
    },
    finding: () => concludeGrid(sweep, rateOf(sweep, scenario), cells),
  };
}

const rateOf = ({ ratePerSec }: GridSweep, scenario: Scenario): number => ratePerSec ?? scenarioRate(scenario);

/** The document with this timeout and so many attempts; what else the edge says about retries stays. */
function withEdge(
  document: ArchipelDocument,
  edgeId: string,
  { timeoutMs, attempts }: { timeoutMs: number; attempts: number },
): ArchipelDocument {
  return {
    ...document,
    edges: document.edges.map((edge) => {
      if (edge.id !== edgeId) return edge;
      const retries =
        attempts === 1 ? null : { ...(edge.config.retries ?? retriesSchema.parse({})), maxAttempts: attempts };
      return { ...edge, config: { ...edge.config, timeoutMs, retries } };
    }),
  };
}

async function faultOn(
  { world }: Course,
  { fault, warmUpMs, measureMs }: GridSweep,
  seed: number,
): Promise<FaultStatus | null> {
  if (!fault) return null;
  return world.injectFault({ ...fault, leaseMs: warmUpMs + measureMs + LEASE_MARGIN_MS, seed });
}

function concludeGrid(
  { edge }: Pick<GridSweep, 'edge'>,
  ratePerSec: number,
  cells: GridFindings['cells'],
): Finding<GridFindings> {
  const usable = cells.map((cell, index) => ({ ...cell, index })).filter(({ problems }) => problems.length === 0);
  const ranked = [...usable].sort(
    (a, b) =>
      (b.successRatio ?? 0) - (a.successRatio ?? 0) ||
      (a.latencyMs.p99 ?? Number.POSITIVE_INFINITY) - (b.latencyMs.p99 ?? Number.POSITIVE_INFINITY),
  );
  const best = ranked[0];
  const asGood = best
    ? usable.filter(
        ({ index, ok, arrivals }) =>
          index !== best.index && wilsonInterval(ok, arrivals, Z).high >= wilsonInterval(best.ok, best.arrivals, Z).low,
      )
    : [];
  const findings: GridFindings = {
    type: 'retries-timeout',
    edge,
    ratePerSec,
    cells,
    best: best?.index ?? null,
    asGood: asGood.map(({ index }) => index),
  };
  const left = cells.length - usable.length;
  const warnings =
    left > 0
      ? [
          `${left} of ${cells.length} cells say nothing: ${cells.find(({ problems }) => problems.length > 0)?.problems[0]}`,
        ]
      : [];
  if (!best)
    return {
      findings,
      warnings,
      isConclusive: false,
      conclusion: 'No cell was measured in a way that can be trusted.',
    };
  const also =
    asGood.length > 0
      ? ` Chance alone may have kept ${asGood.length} other ${asGood.length === 1 ? 'cell' : 'cells'} from that.`
      : '';
  return {
    findings,
    warnings,
    isConclusive: left === 0,
    conclusion: `Most requests were answered well with a timeout of ${best.timeoutMs} ms and ${best.attempts === 1 ? 'no retry' : `${best.attempts} attempts`}: ${(100 * (best.successRatio ?? 0)).toFixed(1)} %.${also}`,
  };
}
