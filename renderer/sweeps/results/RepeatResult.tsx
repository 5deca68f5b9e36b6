import type { RepeatFindings } from '../../../engine/api/types.ts';
import { VerdictBadge } from '../../experiments/VerdictBadge.tsx';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { meanText, percent } from './sweep-text.ts';

/** Each repetition with its verdict, how many passed, and the means with their intervals. */
export function RepeatResult({ findings: { repetitions, passed, verdict, figures } }: { findings: RepeatFindings }) {
  return (
    <>
      {passed && (
        <dl className={classes.tiles}>
          <div>
            <dt>Combined verdict</dt>
            <dd>{verdict ? <VerdictBadge verdict={verdict} size="lg" /> : '–'}</dd>
          </div>
          <div>
            <dt>Passed</dt>
            <dd>
              {passed.count} of {passed.of}
            </dd>
          </div>
          <div>
            <dt>Share of passes, 95 % interval</dt>
            <dd>
              {percent(passed.low)} to {percent(passed.high)}
            </dd>
          </div>
        </dl>
      )}
      <Figures
        label="Repetitions"
        heads={['Repetition', 'Seed', 'Verdict', '']}
        rows={repetitions.map(({ seed, verdict: own, reasons }, index) => ({
          key: `${seed}`,
          cells: [index + 1, seed, own ? <VerdictBadge key="verdict" verdict={own} /> : '–', reasons[0] ?? ''],
        }))}
      />
      <Figures
        label="Figures"
        heads={['Figure', 'n', 'Mean [95 % interval]']}
        rows={figures.map((figure) => ({
          key: figure.name,
          cells: [figure.name, figure.values.length, meanText(figure)],
        }))}
      />
    </>
  );
}
