import type { ReplicasFindings } from '../../../engine/api/types.ts';
import { scalabilityLaw } from '../../../engine/model/scalability-law.ts';
import { fixed, inPlain } from '../../i18n/number.ts';
import { said } from '../../i18n/said.ts';
import { useT } from '../../i18n/t.ts';
import { Plot } from '../../metrics/Plot.tsx';
import { formatMs } from '../../ui/format.ts';
import classes from '../sweeps.module.css';
import { Figures } from './Figures.tsx';
import { goodShare, limitsText, percent, perSec, withInterval } from './sweep-text.ts';

const share = (value: number): string => fixed(value, 4);

/** Throughput by the number of replicas, and the scalability law that fits it. */
export function ReplicasResult({ findings: { points, fit, node } }: { findings: ReplicasFindings }) {
  const t = useT();
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
          <dt>{t('One alone (λ)')}</dt>
          <dd data-figure="lambda">{fit ? withInterval(fit.lambda, fit.lambda.value, perSec) : t('no fit')}</dd>
        </div>
        <div>
          <dt>{t('Contention (σ)')}</dt>
          <dd>{fit ? withInterval(fit.sigma, fit.sigma.value, share) : '–'}</dd>
        </div>
        <div>
          <dt>{t('Coherency (κ)')}</dt>
          <dd>{fit ? withInterval(fit.kappa, fit.kappa.value, share) : '–'}</dd>
        </div>
        <div>
          <dt>{t('More than this makes it slower')}</dt>
          <dd>
            {fit?.peak
              ? t('{{number}} replicas, {{rate}}', {
                  number: inPlain(Number(fit.peak.replicas.toFixed(1))),
                  rate: perSec(fit.peak.perSec),
                })
              : t('not by this fit')}
          </dd>
        </div>
      </dl>
      {x.length > 0 && (
        <div className={classes.plots}>
          <Plot
            title={t('Throughput of {{node}}', { node })}
            description={
              fit
                ? t('measured with 1 to {{most}} replicas, with the Universal Scalability Law that fits', { most })
                : t('measured with 1 to {{most}} replicas', { most })
            }
            xLabel={t('replicas')}
            x={x}
            lines={[
              ...(fit
                ? [
                    {
                      label: t('scalability law'),
                      color: '--chart-p99',
                      draw: 'line' as const,
                      values: x.map((n) => scalabilityLaw(n, fit.lambda.value, fit.sigma.value, fit.kappa.value)),
                    },
                    {
                      label: t('linear'),
                      color: '--app-edge',
                      draw: 'line' as const,
                      dashed: true,
                      values: x.map((n) => n * fit.lambda.value),
                    },
                  ]
                : []),
              ...repetitions.map((repetition) => ({
                label: repetitions.length > 1 ? t('measured, {{number}}', { number: repetition + 1 }) : t('measured'),
                color: '--chart-ok',
                draw: 'points' as const,
                values: measuredIn(repetition),
              })),
            ]}
            formatX={inPlain}
            formatY={(value) => `${inPlain(value)}/s`}
          />
        </div>
      )}
      <Figures
        label={t('Replicas')}
        heads={[t('Replicas'), t('Users'), t('Answered'), t('Good'), 'p50', 'p99', t('Limits'), '']}
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
            point.problems.length > 0 ? t('left out: {{why}}', { why: said(point.problems[0] ?? '') }) : '',
          ],
        }))}
      />
    </>
  );
}
