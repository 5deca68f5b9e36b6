import type { KneeFindings } from '../../../engine/api/types.ts';
import { Plot } from '../../metrics/Plot.tsx';
import { formatMs } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { goodShare, limitsText, percent, perSec, sideText, withInterval } from './sweep-text.ts';

/** What arrived and what was answered, with the knee between them. */
export function KneeResult({ findings: { steps, knee, peakPerSec } }: { findings: KneeFindings }) {
  const inOrder = [...steps].sort((a, b) => a.ratePerSec - b.ratePerSec);
  // What says nothing stands in the table alone.
  const drawn = inOrder.filter(({ side }) => side !== 'inconclusive');
  const x = drawn.map(({ ratePerSec }) => ratePerSec);
  const mark = knee && { from: knee.low ?? knee.value, to: knee.high ?? knee.value, at: knee.value };
  return (
    <>
      <dl className={classes.tiles}>
        <div>
          <dt>Knee</dt>
          <dd data-figure="knee">{knee ? withInterval(knee, knee.value, perSec) : 'not found'}</dd>
        </div>
        <div>
          <dt>Most answered</dt>
          <dd>{perSec(peakPerSec)}</dd>
        </div>
      </dl>
      {x.length > 0 && (
        <div className={classes.plots}>
          <Plot
            title="Answered"
            description={`${perSec(x[0] ?? null)} to ${perSec(x.at(-1) ?? null)} arrived, at most ${perSec(peakPerSec)} were answered`}
            xLabel="arrivals per second"
            x={x}
            lines={[
              { label: 'arrived', color: '--app-edge', values: x, draw: 'line', dashed: true },
              { label: 'answered well', color: '--chart-ok', values: drawn.map(({ okPerSec }) => okPerSec) },
            ]}
            formatX={String}
            formatY={(value) => `${value}/s`}
            mark={mark}
          />
          <Plot
            title="Latency"
            description="p50 and p99 at each rate"
            xLabel="arrivals per second"
            x={x}
            lines={[
              { label: 'p50', color: '--chart-p50', values: drawn.map(({ latencyMs }) => latencyMs.p50) },
              { label: 'p99', color: '--chart-p99', values: drawn.map(({ latencyMs }) => latencyMs.p99) },
            ]}
            formatX={String}
            formatY={formatMs}
            mark={mark}
          />
        </div>
      )}
      <Figures
        label="Rates"
        heads={['Rate', 'Answered', 'Good', 'p50', 'p99', 'Limits', 'Judged']}
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
