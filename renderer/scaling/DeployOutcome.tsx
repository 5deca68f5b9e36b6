import { Text } from '@mantine/core';
import type { DeployStatus } from '../../engine/api/types.ts';
import { fixed, inUnit } from '../i18n/number.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, useT } from '../i18n/t.ts';
import classes from '../inspector/Inspector.module.css';
import { formatCount, formatMs, formatSeconds } from '../ui/format.ts';

const stateName: Record<DeployStatus['state'], Key> = {
  building: key('builds and tests'),
  'rolling-out': key('is rolled out'),
  done: key('done'),
  'rolling-back': key('is rolled back'),
  'rolled-back': key('rolled back'),
  failed: key('failed'),
};

/** A deploy under way or over: where it stands, how long it took, what users noticed. */
export function DeployOutcome({ deploy }: { deploy: DeployStatus }) {
  const t = useT();
  const { pipeline, analysis, impact, rollback } = deploy;
  return (
    <div className={classes.fault} data-on={deploy.state === 'rolling-back'} data-testid="deploy-outcome">
      <Text size="xs" fw={600}>
        {deploy.from} → {deploy.version},{' '}
        {t('{{name}}: {{value}}', { name: said(deploy.strategy), value: t(stateName[deploy.state]) })}
      </Text>
      <Text size="xs" c="dimmed" mb={4} aria-live="polite">
        {said(deploy.error ?? deploy.phase)}
      </Text>
      <dl className={classes.facts}>
        <dt title={t('Modelled: fixed + modules × (build + test); only a part of it is really waited')}>
          {t('Build and test')}
        </dt>
        <dd>
          {t('{{modelled}} modelled, {{waited}} waited', {
            modelled: formatSeconds(pipeline.modelledMs),
            waited: formatSeconds(pipeline.waitedMs),
          })}
        </dd>
        <dt title={t('From the request until the new version had taken over')}>{t('Lead time')}</dt>
        <dd>{deploy.leadTimeMs === null ? '–' : formatSeconds(deploy.leadTimeMs)}</dd>
        <dt>{t('Processes')}</dt>
        <dd>
          {t('{{started}} started, {{stopped}} stopped', {
            started: deploy.processes.started,
            stopped: deploy.processes.stopped,
          })}
        </dd>
        {analysis && (
          <>
            <dt title={t('What the new version showed while it was observed')}>{t('New version')}</dt>
            <dd>
              {t('{{requests}} requests · {{ratio}} errors · p99 {{time}}', {
                requests: formatCount(analysis.requests),
                ratio: analysis.errorRatio === null ? '–' : inUnit(fixed(analysis.errorRatio * 100, 1), '%'),
                time: formatMs(analysis.p99Ms),
              })}
            </dd>
          </>
        )}
        {impact && (
          <>
            <dt title={t('Requests that failed from the first process of the new version on')}>
              {t('Failed requests')}
            </dt>
            <dd>
              {t('{{part}} of {{whole}}', {
                part: formatCount(impact.failed),
                whole: formatCount(impact.requests),
              })}
            </dd>
            <dt title={t('Routes that failed more often than before')}>{t('Blast radius')}</dt>
            <dd>
              {t('{{affected}} of {{count}} routes', {
                affected: impact.affectedRoutes.length,
                count: impact.routes,
              })}
            </dd>
          </>
        )}
        {rollback && rollback.durationMs !== null && (
          <>
            <dt>{t('Rollback')}</dt>
            <dd>{t('{{time}}, by {{by}}', { time: formatMs(rollback.durationMs), by: said(rollback.by) })}</dd>
          </>
        )}
      </dl>
    </div>
  );
}
