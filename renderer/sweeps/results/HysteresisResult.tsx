import type { HysteresisFindings } from '../../../engine/api/types.ts';
import { fixed, inPlain, inUnit } from '../../i18n/number.ts';
import { useT } from '../../i18n/t.ts';
import { Plot } from '../../metrics/Plot.tsx';
import { formatMs } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { goodShare, percent, perSec, sideText } from './sweep-text.ts';

const points = (share: number): string => fixed(100 * share, 1);

/** The same rates on the way up and on the way down: where the two lines part, a state stays that its cause has left. */
export function HysteresisResult({ findings: { steps, rates, metastable } }: { findings: HysteresisFindings }) {
  const t = useT();
  const x = [...new Set(steps.map(({ ratePerSec }) => ratePerSec))].sort((a, b) => a - b);
  const highest = steps.find(({ ratePerSec }) => ratePerSec === x.at(-1));
  const along = <Value,>(way: 'up' | 'down', read: (step: (typeof steps)[number]) => Value) =>
    x.map((rate) => {
      const own = steps.find((step) => step.ratePerSec === rate && step.way === way);
      // The highest rate is where the way turns: it belongs to both.
      const turn =
        way === 'down' && rate === x.at(-1) && steps.some((step) => step.way === 'down') ? highest : undefined;
      const step = own ?? turn;
      return step ? read(step) : null;
    });
  const good = (step: (typeof steps)[number]) => {
    const share = goodShare(step);
    return share === null ? null : 100 * share;
  };
  return (
    <>
      <dl className={classes.tiles}>
        <div>
          <dt>{t('Metastable')}</dt>
          <dd data-figure="metastable">
            {metastable === null ? t('cannot be told') : metastable ? t('yes: it stays down') : t('no: it comes back')}
          </dd>
        </div>
      </dl>
      {x.length > 0 && (
        <div className={classes.plots}>
          <Plot
            title={t('Good answers, up and down')}
            description={t('the share of good answers at {{count}} rates on the way up and on the way down', {
              count: x.length,
            })}
            xLabel={t('arrivals per second')}
            x={x}
            lines={[
              { label: t('up →'), color: '--chart-ok', values: along('up', good) },
              { label: t('← down'), color: '--chart-failed', values: along('down', good), dashed: true },
            ]}
            formatX={inPlain}
            formatY={(value) => inUnit(inPlain(value), '%')}
          />
          <Plot
            title={t('p99, up and down')}
            description={t('the latency on the way up and on the way down')}
            xLabel={t('arrivals per second')}
            x={x}
            lines={[
              { label: t('up →'), color: '--chart-ok', values: along('up', ({ latencyMs }) => latencyMs.p99) },
              {
                label: t('← down'),
                color: '--chart-failed',
                values: along('down', ({ latencyMs }) => latencyMs.p99),
                dashed: true,
              },
            ]}
            formatX={inPlain}
            formatY={formatMs}
          />
        </div>
      )}
      {rates.length > 0 && (
        <Figures
          label={t('Down against up')}
          heads={[t('Rate'), t('Success, down − up (points)'), t('99 % interval'), '']}
          rows={rates.map(({ ratePerSec, successChange: { value, low, high }, differs }) => ({
            key: `${ratePerSec}`,
            cells: [
              perSec(ratePerSec),
              points(value),
              `[${points(low)}, ${points(high)}]`,
              differs ? t('another state') : '',
            ],
          }))}
        />
      )}
      <Figures
        label={t('Rates')}
        heads={[t('Way'), t('Rate'), t('Answered'), t('Good'), 'p50', 'p99', t('Judged')]}
        rows={steps.map((step) => ({
          key: `${step.window.fromMs}`,
          cells: [
            step.way === 'up' ? t('up') : t('down'),
            perSec(step.ratePerSec),
            perSec(step.answeredPerSec),
            percent(goodShare(step)),
            formatMs(step.latencyMs.p50),
            formatMs(step.latencyMs.p99),
            sideText(step),
          ],
        }))}
      />
    </>
  );
}
