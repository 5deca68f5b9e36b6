import type { AbFindings, AbSide } from '../api/types.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import type { ComparisonPlan } from '../model/repetition.ts';
import type { Scenario } from '../model/scenario.ts';
import { budgetProblems, memoryNotes } from './budget.ts';
import { compareFigures } from './compare-figures.ts';
import type { Course, Finding, SweepWork } from './course.ts';
import { judgeExpectations } from './expectations.ts';
import { measure } from './measure.ts';
import { replayOf, type Workload, workloadProblems } from './workload.ts';

const START_MS = 4000;
/** What drifts evenly over a block hits both alike: their places in it have the same mean. */
const ORDER = ['a', 'b', 'b', 'a'] as const;

interface Side {
  document: ArchipelDocument;
  directory: string | null;
  facts: AbSide;
}

/** Two documents in turns, under the same recorded arrivals. Throws when they cannot be compared. */
export function abWork(plan: ComparisonPlan, scenario: Scenario, sides: { a: Side; b: Side }): SweepWork {
  const { a, b } = sides;
  const { differences, notes } = budgetProblems(a.facts, b.facts, plan.budget);
  const cannot = workloadProblems(scenario, b.document);
  const refused = [...cannot, ...(plan.allowDifferentBudgets ? [] : differences)];
  if (refused.length > 0)
    throw new ArchipelError(
      'document-invalid',
      `A and B cannot be compared: ${refused.join('; ')}.`,
      cannot.length > 0
        ? 'Give B the clients and edges that the traffic of A names.'
        : 'Give both the same budget, or allow different budgets; the result then says so.',
    );
  const seed = plan.seed ?? scenario.seed;
  const spanMs = plan.warmUpMs + plan.measureMs;
  const runs: AbFindings['runs'] = [];
  let workload: Workload | null = null;

  async function onceOn(course: Course, side: Side, load: Scenario, recordArrivals: boolean) {
    const own = { ...course, document: side.document, directory: side.directory };
    await course.world.startTopology(side.document, side.directory);
    const measured = await measure(own, { ...plan, scenario: load, seed, recordArrivals });
    const arrivals = recordArrivals ? await course.world.takeArrivals() : null;
    await course.world.stopTopology();
    return { measured, arrivals };
  }

  return {
    name: `${a.facts.document} and ${b.facts.document}`,
    title: '',
    scenario: scenario.name,
    seed,
    expected: () => ({ steps: 1 + ORDER.length * plan.blocks, stepMs: START_MS + spanMs }),
    async run(course) {
      const replayed = await course.point('recording the workload on A', async () => {
        const { arrivals } = await onceOn(course, a, { ...scenario, durationMs: spanMs }, true);
        return replayOf(scenario, arrivals ?? { clients: [], leftOut: 0 }, spanMs);
      });
      workload = replayed;
      for (let block = 0; block < plan.blocks; block += 1)
        for (const name of ORDER) {
          const run = await course.point(`block ${block + 1} of ${plan.blocks}: ${name.toUpperCase()}`, async () => {
            const { measured } = await onceOn(course, sides[name], replayed.scenario, false);
            return { ...measured, side: name, block };
          });
          runs.push(run);
        }
    },
    finding: () =>
      concludeAb(plan, { a: a.facts, b: b.facts }, workload, runs, [
        ...notes,
        ...(differences.length > 0 ? [`The budgets differ: ${differences.join('; ')}.`] : []),
      ]),
  };
}

function concludeAb(
  plan: ComparisonPlan,
  { a, b }: { a: AbSide; b: AbSide },
  workload: Workload | null,
  runs: AbFindings['runs'],
  notes: readonly string[],
): Finding<AbFindings> {
  const figures = compareFigures(runs);
  const primary = figures.find(({ name }) => name === plan.primary);
  const untrusted = runs.filter(({ problems }) => problems.length > 0);
  const memory = (side: 'a' | 'b', facts: AbSide): string[] =>
    memoryNotes(
      side === 'a' ? 'A' : 'B',
      runs.filter((run) => run.side === side).map(({ rssBytes }) => rssBytes),
      plan.budget ? plan.budget.memoryMb : facts.budget.memoryMb,
    );
  const isWhole = runs.length === ORDER.length * plan.blocks;
  const judged = judgeExpectations(plan.expect, { a, b, figures, isWhole: isWhole && untrusted.length === 0 });
  return {
    findings: {
      type: 'ab',
      a,
      b,
      workload: {
        arrivals: workload?.arrivals ?? 0,
        durationMs: plan.warmUpMs + plan.measureMs,
        clients: workload?.clients ?? [],
      },
      primary: plan.primary,
      runs,
      figures,
      ...judged,
    },
    warnings: [
      ...notes,
      ...memory('a', a),
      ...memory('b', b),
      ...(untrusted.length > 0
        ? [`Blocks with ${untrusted.length} of ${runs.length} runs are left out: ${untrusted[0]?.problems[0]}`]
        : []),
    ],
    isConclusive:
      isWhole && primary !== undefined && primary.verdict !== 'inconclusive' && judged.verdict !== 'inconclusive',
    conclusion: primary ? `${primary.name}: ${primary.sentence}.` : 'Nothing was measured.',
  };
}
