import type { BatchFindings } from '../../../engine/api/types.ts';
import { VerdictBadge } from '../../experiments/VerdictBadge.tsx';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import { formatMs, formatSeconds } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';

/** Each experiment that has ended, with its verdict and why, and the combined one. */
export function BatchResult({ findings: { experiments, planned, verdict } }: { findings: BatchFindings }) {
  const t = useT();
  const count = (holds: (one: BatchFindings['experiments'][number]) => boolean): number =>
    experiments.filter(holds).length;
  return (
    <>
      <dl className={classes.tiles}>
        <div>
          <dt>{t('Combined verdict')}</dt>
          <dd>{verdict ? <VerdictBadge verdict={verdict} size="lg" /> : '–'}</dd>
        </div>
        <div>
          <dt>{t('Passed')}</dt>
          <dd>{t('{{part}} of {{whole}}', { part: count((one) => one.verdict === 'passed'), whole: planned })}</dd>
        </div>
      </dl>
      <Figures
        label={t('Experiments')}
        heads={[t('Experiment'), t('Verdict'), t('Probes that hold'), t('Recovered'), t('Took'), '']}
        rows={experiments.map(({ document, name, title, ...one }) => ({
          key: `${document} ${name}`,
          cells: [
            <span key="title" title={t('{{name}}: {{value}}', { name: document, value: name })}>
              {title || name}
            </span>,
            <VerdictBadge key="verdict" verdict={one.verdict} />,
            t('{{part}} of {{whole}}', {
              part: one.probes.filter(({ holds }) => holds).length,
              whole: one.probes.length,
            }),
            one.recoveryMs === null ? '–' : formatMs(one.recoveryMs),
            formatSeconds(one.durationMs),
            one.verdict === 'passed' ? '' : said(one.reasons[0] ?? ''),
          ],
        }))}
      />
    </>
  );
}
