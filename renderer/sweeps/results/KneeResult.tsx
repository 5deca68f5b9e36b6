import type { KneeFindings } from '../../../engine/api/types.ts';
import { inPlain } from '../../i18n/number.ts';
import { useT } from '../../i18n/t.ts';
import { Plot } from '../../metrics/Plot.tsx';
import { formatMs } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { goodShare, limitsText, percent, perSec, sideText, withInterval } from './sweep-text.ts';

/** What arrived and what was answered, with the knee between them. */
export function KneeResult({ findings: { steps, knee, peakPerSec } }: { findings: KneeFindings }) {
  const t = useT();
  const inOrder = [...steps].sort((a, b) => a.ratePerSec - b.ratePerSec);
  // What says nothing stands in the table alone.
  const drawn = inOrder.filter(({ side }) => side !== 'inconclusive');
  const x = drawn.map(({ ratePerSec }) => ratePerSec);
  const mark = knee && { from: knee.low ?? knee.value, to: knee.high ?? knee.value, at: knee.value };
  return (
    <>
      <dl className={classes.tiles}>
        <div>
          <dt>{t('Knee')}</dt>
          <dd data-figure="knee">{knee ? withInterval(knee, knee.value, perSec) : t('not found')}</dd>
        </div>
        <div>
          <dt>{t('Most answered')}</dt>
          <dd>{perSec(peakPerSec)}</dd>
        </div>
      </dl>
      {x.length > 0 && (
        <div className={classes.plots}>
          <Plot
            title={t('Answered')}
            description={t('{{least}} to {{most}} arrived, at most {{peak}} were answered', {
              least: perSec(x[0] ?? null),
              most: perSec(x.at(-1) ?? null),
              peak: perSec(peakPerSec),
            })}
            xLabel={t('arrivals per second')}
            x={x}
            lines={[
              { label: t('arrived'), color: '--app-edge', values: x, draw: 'line', dashed: true },
              { label: t('answered well'), color: '--chart-ok', values: drawn.map(({ okPerSec }) => okPerSec) },
            ]}
            formatX={inPlain}
            formatY={(value) => `${inPlain(value)}/s`}
            mark={mark}
          />
          <Plot
            title={t('Latency')}
            description={t('p50 and p99 at each rate')}
            xLabel={t('arrivals per second')}
            x={x}
            lines={[
              { label: 'p50', color: '--chart-p50', values: drawn.map(({ latencyMs }) => latencyMs.p50) },
              { label: 'p99', color: '--chart-p99', values: drawn.map(({ latencyMs }) => latencyMs.p99) },
            ]}
            formatX={inPlain}
            formatY={formatMs}
            mark={mark}
          />
        </div>
      )}
      <Figures
        label={t('Rates')}
        heads={[t('Rate'), t('Answered'), t('Good'), 'p50', 'p99', t('Limits'), t('Judged')]}
        rows={inOrder.map((step) => ({
          key: `${step.window.fromMs}`,
          cells: [
            perSec(step.ratePerSec),
            perSec(step.answeredPerSec),
            percent(goodShare(step)),
            formatMs(step.latencyMs.p50),
            formatMs(step.latencyMs.p99),
            limitsText(step.limits),
            sideText(step),
          ],
        }))}
      />
    </>
  );
}
