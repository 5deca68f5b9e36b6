import type { AbExpectation, AbFigure, AbFindings, AbSide } from '../api/types.ts';
import type { Expectation } from '../model/repetition.ts';

/** Whether a comparison shows what was expected of it before. */
export function judgeExpectations(
  expected: readonly Expectation[],
  { a, b, figures, isWhole }: Compared,
): Pick<AbFindings, 'expected' | 'verdict'> {
  const judged = expected.map(({ figure, better }): AbExpectation => {
    const found =
      figure === 'processes' || figure === 'hops' || figure === 'settings'
        ? structural(a[figure], b[figure])
        : measured(
            figures.find(({ name }) => name === figure),
            isWhole,
          );
    const outcome = found.better === null ? 'inconclusive' : found.better === better ? 'shown' : 'not-shown';
    return { figure, better, outcome, sentence: `${figure}: ${found.sentence}` };
  });
  return { expected: judged, verdict: verdictOf(judged.map(({ outcome }) => outcome)) };
}

interface Compared {
  a: AbSide;
  b: AbSide;
  figures: readonly AbFigure[];
  /** All runs were made, and each of them can be trusted. */
  isWhole: boolean;
}

interface Found {
  /** Null: it cannot be said. */
  better: 'a' | 'b' | 'neither' | null;
  sentence: string;
}

/** Counted, so that chance has no part in it. */
const structural = (a: number, b: number): Found => ({
  better: a === b ? 'neither' : a < b ? 'a' : 'b',
  sentence: `A has ${a}, B ${b}`,
});

/** A difference that fewer runs than planned do not show is none that is not there. */
function measured(figure: AbFigure | undefined, isWhole: boolean): Found {
  if (!figure || figure.verdict === 'inconclusive')
    return { better: null, sentence: figure?.sentence ?? 'not measured' };
  if (figure.verdict === 'no-difference-shown' && !isWhole) return { better: null, sentence: figure.sentence };
  const better = figure.verdict === 'a-better' ? 'a' : figure.verdict === 'b-better' ? 'b' : 'neither';
  return { better, sentence: figure.sentence };
}

function verdictOf(outcomes: readonly AbExpectation['outcome'][]): AbFindings['verdict'] {
  if (outcomes.length === 0) return null;
  if (outcomes.includes('not-shown')) return 'failed';
  return outcomes.includes('inconclusive') ? 'inconclusive' : 'passed';
}
