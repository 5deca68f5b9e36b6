import { Text } from '@mantine/core';
import type { BreakEven } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { Plot } from '../metrics/Plot.tsx';
import { Figures } from '../sweeps/results/Figures.tsx';
import { formatCount } from '../ui/format.ts';
import { formatMoney, formatQuantity } from '../ui/money.ts';
import classes from './experiments.module.css';

/** So many stretches of the curve stand in the table; the break-even is where two of them meet. */
const TOLD = 4;

/** From which rate on a machine that is always on would be cheaper than a function: the sentence, both curves, and what they are made of. */
export function BreakEvenPlot({ node, breakEven }: { node: string; breakEven: BreakEven }) {
  const t = useT();
  const { requests, perRequest, standingPerHour, alwaysOn, ratePerSec, curve } = breakEven;
  const words = {
    node,
    million: formatMoney(perRequest * 1e6),
    hour: formatMoney(alwaysOn.price),
    rate: ratePerSec === null ? '–' : formatQuantity(ratePerSec),
  };
  const sentence =
    ratePerSec !== null
      ? t(
          '{{node}}: {{million}} for a million requests, cheaper than an always-on replica at {{hour}} an hour up to {{rate}} requests per second',
          words,
        )
      : standingPerHour >= alwaysOn.price
        ? t(
            '{{node}}: {{million}} for a million requests; an always-on replica at {{hour}} an hour is cheaper at any rate',
            words,
          )
        : t('{{node}}: {{million}} for a million requests', words);
  const points = curve.filter((_, index) => index % Math.floor((curve.length - 1) / TOLD) === 0);
  const derived = [
    {
      ...{ key: 'requests', what: t('Requests of the run'), value: formatCount(requests) },
      from: 'invocations',
    },
    {
      ...{ key: 'per-request', what: t('Cost of a request'), value: formatMoney(perRequest) },
      from: `${formatMoney(perRequest * requests)} / ${formatCount(requests)}`,
    },
    {
      ...{ key: 'standing', what: t('Whatever comes, an hour'), value: formatMoney(standingPerHour) },
      from: t('provisioned concurrency'),
    },
    {
      ...{ key: 'always-on', what: t('Always-on replica, an hour'), value: formatMoney(alwaysOn.price) },
      from: said(alwaysOn.machine),
    },
    {
      ...{ key: 'rate', what: t('Break-even'), value: ratePerSec === null ? t('none') : `${words.rate}/s` },
      from:
        ratePerSec === null
          ? ''
          : `(${formatMoney(alwaysOn.price)} − ${formatMoney(standingPerHour)}) / 3600 s / ${formatMoney(perRequest)}`,
    },
  ];
  return (
    <section aria-label={t('Break-even of {{node}}', { node })} data-testid={`break-even-${node}`}>
      <Text size="xs" mt="sm">
        {sentence}
      </Text>
      <div className={classes.breakEven}>
        {ratePerSec !== null && (
          <Plot
            title={t('What a month costs')}
            description={t(
              '{{function}} a month at {{rate}} requests per second all month long, as much as the replica',
              {
                function: formatMoney(alwaysOn.price * 730),
                rate: words.rate,
              },
            )}
            xLabel={t('requests per second, all month long')}
            x={curve.map((point) => point.ratePerSec)}
            lines={[
              {
                ...{ label: node, color: '--chart-p99', draw: 'line' },
                values: curve.map(({ functionPerMonth }) => functionPerMonth),
              },
              {
                ...{ label: t('always on'), color: '--chart-ok', draw: 'line', dashed: true },
                values: curve.map(({ alwaysOnPerMonth }) => alwaysOnPerMonth),
              },
            ]}
            formatX={formatQuantity}
            formatY={formatMoney}
            mark={{ from: ratePerSec, to: ratePerSec, at: ratePerSec }}
          />
        )}
        <div>
          <Figures
            label={t('Where the break-even of {{node}} comes from', { node })}
            heads={[t('Figure'), t('Value'), t('From')]}
            rows={derived.map(({ key, what, value, from }) => ({
              key,
              cells: [
                what,
                <span key={key} data-figure={key}>
                  {value}
                </span>,
                from,
              ],
            }))}
          />
          {ratePerSec !== null && (
            <Figures
              label={t('{{node}} against an always-on replica, a month', { node })}
              heads={[t('Requests per second'), node, t('Always on')]}
              rows={points.map((point) => ({
                key: String(point.ratePerSec),
                cells: [
                  formatQuantity(point.ratePerSec),
                  formatMoney(point.functionPerMonth),
                  formatMoney(point.alwaysOnPerMonth),
                ],
              }))}
            />
          )}
        </div>
      </div>
    </section>
  );
}
