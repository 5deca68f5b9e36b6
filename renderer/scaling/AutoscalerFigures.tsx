import { Text } from '@mantine/core';
import type { AutoscalerStatus } from '../../engine/api/types.ts';
import { fixed } from '../i18n/number.ts';
import { said } from '../i18n/said.ts';
import { key, useT } from '../i18n/t.ts';
import classes from '../inspector/Inspector.module.css';
import { formatCount, formatMs, percent } from '../ui/format.ts';

const metricName = {
  cpu: key('CPU per replica'),
  'in-flight': key('In flight per replica'),
  queue: key('Queue per replica'),
};

/** What an autoscaler sees, what it wants, what holds it, and how far it lags behind. */
export function AutoscalerFigures({ autoscaler }: { autoscaler: AutoscalerStatus }) {
  const t = useT();
  const { metric, target, measured, recommended, heldBy, minReplicas, maxReplicas, figures } = autoscaler;
  const show = (value: number | null): string =>
    value === null ? '–' : metric === 'cpu' ? percent(Math.round(value * 100)) : fixed(value, 1);
  return (
    <div data-testid="autoscaler">
      <Text size="xs" fw={600} mb={4}>
        {t('Autoscaler')}
      </Text>
      <dl className={classes.facts}>
        <dt>{t(metricName[metric])}</dt>
        <dd>{t('{{value}} · target {{target}}', { value: show(measured), target: show(target) })}</dd>
        <dt>{t('Asks for')}</dt>
        <dd>
          {t('{{number}} of {{least}} to {{most}}', {
            number: recommended ?? '–',
            least: minReplicas,
            most: maxReplicas,
          })}
        </dd>
        <dt title={t("From the load's going beyond the target until enough replicas carried it")}>
          {t('Time to scale')}
        </dt>
        <dd>
          {figures.timeToScaleMs
            ? t('{{mean}} · longest {{max}}', {
                mean: formatMs(figures.timeToScaleMs.mean),
                max: formatMs(figures.timeToScaleMs.max),
              })
            : '–'}
          {figures.unfinished > 0 && ` · ${t('lags now')}`}
        </dd>
        <dt title={t('Most replicas beyond those that the load needed when it was carried')}>{t('Overshoot')}</dt>
        <dd>{figures.overshoot ?? '–'}</dd>
        <dt title={t('Changes that took back an earlier one within 20 s')}>{t('Flaps')}</dt>
        <dd>{formatCount(figures.flaps)}</dd>
        <dt title={t('Calls to the node that failed while its number of replicas changed')}>
          {t('Lost while scaling')}
        </dt>
        <dd>{formatCount(figures.failedCalls)}</dd>
      </dl>
      {heldBy && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('As it is because {{why}}.', { why: said(heldBy) })}
        </Text>
      )}
    </div>
  );
}
