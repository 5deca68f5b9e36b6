import type { ReplicasFindings } from '../../../engine/api/types.ts';
import { scalabilityLaw } from '../../../engine/model/scalability-law.ts';
import { Plot } from '../../metrics/Plot.tsx';
import { formatMs } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { goodShare, limitsText, percent, perSec, withInterval } from './sweep-text.ts';

const share = (value: number): string => value.toFixed(4);

/** Throughput by the number of replicas, and the scalability law that fits it. */
export function ReplicasResult({ findings: { points, fit, node } }: { findings: ReplicasFindings }) {
  const inOrder = [...points].sort((a, b) => a.replicas - b.replicas || a.repetition - b.repetition);
  const most = Math.max(1, ...points.map(({ replicas }) => replicas));
  // The law between the numbers that were measured, and each measurement at its own.
  const law = fit ? Array.from({ length: 8 * most + 1 }, (_, index) => index / 8).filter((n) => n >= 1) : [];
  const x = [...new Set([...law, ...inOrder.map(({ replicas }) => replicas)])].sort((a, b) => a - b);
  const repetitions = [...new Set(inOrder.map(({ repetition }) => repetition))];
  const measuredIn = (repetition: number) =>
    x.map(
      (n) =>
        inOrder.find((point) => point.replicas === n && point.repetition === repetition && point.problems.length === 0)
          ?.answeredPerSec ?? null,
    );
  return (
    <>
      <dl className={classes.tiles}>
        <div>
          <dt>One alone (λ)</dt>
          <dd data-figure="lambda">{fit ? withInterval(fit.lambda, fit.lambda.value, perSec) : 'no fit'}</dd>
        </div>
        <div>
          <dt>Contention (σ)</dt>
          <dd>{fit ? withInterval(fit.sigma, fit.sigma.value, share) : '–'}</dd>
        </div>
        <div>
          <dt>Coherency (κ)</dt>
          <dd>{fit ? withInterval(fit.kappa, fit.kappa.value, share) : '–'}</dd>
        </div>
        <div>
          <dt>More than this makes it slower</dt>
          <dd>
            {fit?.peak
              ? `${Number(fit.peak.replicas.toFixed(1))} replicas, ${perSec(fit.peak.perSec)}`
              : 'not by this fit'}
          </dd>
        </div>
      </dl>
      {x.length > 0 && (
        <div className={classes.plots}>
          <Plot
            title={`Throughput of ${node}`}
            description={`measured with 1 to ${most} replicas${fit ? ', with the Universal Scalability Law that fits' : ''}`}
            xLabel="replicas"
            x={x}
            lines={[
              ...(fit
                ? [
                    {
                      label: 'scalability law',
                      color: '--chart-p99',
                      draw: 'line' as const,
                      values: x.map((n) => scalabilityLaw(n, fit.lambda.value, fit.sigma.value, fit.kappa.value)),
                    },
                    {
                      label: 'linear',
                      color: '--app-edge',
                      draw: 'line' as const,
                      dashed: true,
                      values: x.map((n) => n * fit.lambda.value),
                    },
                  ]
                : []),
              ...repetitions.map((repetition) => ({
                label: repetitions.length > 1 ? `measured, ${repetition + 1}` : 'measured',
                color: '--chart-ok',
                draw: 'points' as const,
                values: measuredIn(repetition),
              })),
            ]}
            formatX={String}
            formatY={(value) => `${value}/s`}
          />
        </div>
      )}
      <Figures
        label="Replicas"
        heads={['Replicas', 'Users', 'Answered', 'Good', 'p50', 'p99', 'Limits', '']}
        rows={inOrder.map((point) => ({
          key: `${point.replicas} ${point.repetition}`,
          cells: [
            point.replicas,
            point.users,
            perSec(point.answeredPerSec),
            percent(goodShare(point)),
            formatMs(point.latencyMs.p50),
            formatMs(point.latencyMs.p99),
            limitsText(point.limits),
            point.problems.length > 0 ? `left out: ${point.problems[0]}` : '',
          ],
        }))}
      />
    </>
  );
}
