import type { RepeatFindings } from '../../../engine/api/types.ts';
import { VerdictBadge } from '../../experiments/VerdictBadge.tsx';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { meanText, percent } from './sweep-text.ts';

/** Each repetition with its verdict, how many passed, and the means with their intervals. */
export function RepeatResult({ findings: { repetitions, passed, verdict, figures } }: { findings: RepeatFindings }) {
  const t = useT();
  return (
    <>
      {passed && (
        <dl className={classes.tiles}>
          <div>
            <dt>{t('Combined verdict')}</dt>
            <dd>{verdict ? <VerdictBadge verdict={verdict} size="lg" /> : '–'}</dd>
          </div>
          <div>
            <dt>{t('Passed')}</dt>
            <dd>{t('{{part}} of {{whole}}', { part: passed.count, whole: passed.of })}</dd>
          </div>
          <div>
            <dt>{t('Share of passes, 95 % interval')}</dt>
            <dd>{t('{{low}} to {{high}}', { low: percent(passed.low), high: percent(passed.high) })}</dd>
          </div>
        </dl>
      )}
      <Figures
        label={t('Repetitions')}
        heads={[t('Repetition'), t('Seed'), t('Verdict'), '']}
        rows={repetitions.map(({ seed, verdict: own, reasons }, index) => ({
          key: `${seed}`,
          cells: [index + 1, seed, own ? <VerdictBadge key="verdict" verdict={own} /> : '–', said(reasons[0] ?? '')],
        }))}
      />
      <Figures
        label={t('Figures')}
        heads={[t('Figure'), 'n', t('Mean [95 % interval]')]}
        rows={figures.map((figure) => ({
          key: figure.name,
          cells: [said(figure.name), figure.values.length, meanText(figure)],
        }))}
      />
    </>
  );
}
