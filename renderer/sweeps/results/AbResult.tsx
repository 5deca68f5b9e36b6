import type { AbFigure, AbFindings } from '../../../engine/api/types.ts';
import { formatCount } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { meanText } from './sweep-text.ts';

/** Each figure of both documents, and in words whether one is better. */
export function AbResult({
  findings: { a, b, figures, primary, workload, expected, verdict },
}: {
  findings: AbFindings;
}) {
  const limit = (value: number | null, unit: string) => (value === null ? 'no limit' : `${formatCount(value)}${unit}`);
  const main = figures.find(({ name }) => name === primary);
  return (
    <>
      {main && (
        <p className={classes.sentence} data-verdict={main.verdict} data-testid="ab-sentence">
          {main.name}: {main.sentence}
        </p>
      )}
      {expected.length > 0 && (
        <Figures
          label="What was expected"
          heads={['Expected', 'Outcome', '']}
          rows={expected.map(({ figure, better, outcome, sentence }) => ({
            key: `${figure} ${better}`,
            cells: [`${figure}: ${better.toUpperCase()} better`, outcome, sentence],
          }))}
        />
      )}
      <Figures
        label="What is compared"
        heads={['', 'Document', 'Processes', 'Hops', 'Settings', 'Slots', 'Memory', 'Arrivals']}
        rows={[
          { name: 'A', side: a },
          { name: 'B', side: b },
        ].map(({ name, side }) => ({
          key: name,
          cells: [
            <b key="name">{name}</b>,
            side.document,
            side.processes,
            side.hops,
            side.settings,
            limit(side.budget.slots, ''),
            limit(side.budget.memoryMb, ' MB'),
            formatCount(workload.arrivals),
          ],
        }))}
      />
      <Figures
        label="Figures"
        heads={['Figure', 'A [95 % interval]', 'B [95 % interval]', 'B against A', 'Effect', '']}
        rows={figures.map((figure) => ({
          key: figure.name,
          cells: [
            figure.name === primary ? <b key="name">{figure.name} (primary)</b> : figure.name,
            meanText(figure.a),
            meanText(figure.b),
            <Change key="change" figure={figure} figures={figures} />,
            figure.effect ? `${figure.effect.delta.toFixed(2)} ${figure.effect.magnitude}` : '–',
            figure.sentence,
          ],
        }))}
      />
      {verdict !== null && (
        <Figures
          label="Expected"
          heads={['Expected', '', verdict]}
          rows={expected.map(({ figure, better, outcome, sentence }) => ({
            key: `${figure} ${better}`,
            cells: [`${better.toUpperCase()} is better in ${figure}`, outcomes[outcome], sentence],
          }))}
        />
      )}
    </>
  );
}

const outcomes = { shown: 'shown', 'not-shown': 'not shown', inconclusive: 'inconclusive' } as const;

/** The change with its interval about zero, on the scale of the widest: where it crosses the line, none is shown. */
function Change({ figure: { change, better, verdict }, figures }: { figure: AbFigure; figures: readonly AbFigure[] }) {
  if (!change || change.low === null || change.high === null) return <>–</>;
  const ends = figures.flatMap(({ change: other }) => [other?.low ?? 0, other?.high ?? 0].map(Math.abs));
  const widest = Math.max(0.01, ...ends);
  const at = (value: number): number => 50 + (50 * value) / widest;
  return (
    <span
      className={classes.change}
      role="img"
      aria-label={`${(100 * change.value).toFixed(1)} % [${(100 * change.low).toFixed(1)}, ${(100 * change.high).toFixed(1)}], ${better} is better`}
      data-verdict={verdict}
    >
      <i
        className={classes.changeRange}
        style={{ left: `${at(change.low)}%`, width: `${Math.max(1, at(change.high) - at(change.low))}%` }}
      />
      <b className={classes.changeValue} style={{ left: `${at(change.value)}%` }} />
    </span>
  );
}
