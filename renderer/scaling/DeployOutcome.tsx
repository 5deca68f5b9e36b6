import { Text } from '@mantine/core';
import type { DeployStatus } from '../../engine/api/types.ts';
import classes from '../inspector/Inspector.module.css';
import { formatCount, formatMs, formatSeconds } from '../ui/format.ts';

const stateName: Record<DeployStatus['state'], string> = {
  building: 'builds and tests',
  'rolling-out': 'is rolled out',
  done: 'done',
  'rolling-back': 'is rolled back',
  'rolled-back': 'rolled back',
  failed: 'failed',
};

/** A deploy under way or over: where it stands, how long it took, what users noticed. */
export function DeployOutcome({ deploy }: { deploy: DeployStatus }) {
  const { pipeline, analysis, impact, rollback } = deploy;
  return (
    <div className={classes.fault} data-on={deploy.state === 'rolling-back'} data-testid="deploy-outcome">
      <Text size="xs" fw={600}>
        {deploy.from} → {deploy.version}, {deploy.strategy}: {stateName[deploy.state]}
      </Text>
      <Text size="xs" c="dimmed" mb={4} aria-live="polite">
        {deploy.error ?? deploy.phase}
      </Text>
      <dl className={classes.facts}>
        <dt title="Modelled: fixed + modules × (build + test); only a part of it is really waited">Build and test</dt>
        <dd>
          {formatSeconds(pipeline.modelledMs)} modelled, {formatSeconds(pipeline.waitedMs)} waited
        </dd>
        <dt title="From the request until the new version had taken over">Lead time</dt>
        <dd>{deploy.leadTimeMs === null ? '–' : formatSeconds(deploy.leadTimeMs)}</dd>
        <dt>Processes</dt>
        <dd>
          {deploy.processes.started} started, {deploy.processes.stopped} stopped
        </dd>
        {analysis && (
          <>
            <dt title="What the new version showed while it was observed">New version</dt>
            <dd>
              {formatCount(analysis.requests)} requests ·{' '}
              {analysis.errorRatio === null ? '–' : `${(analysis.errorRatio * 100).toFixed(1)} %`} errors · p99{' '}
              {formatMs(analysis.p99Ms)}
            </dd>
          </>
        )}
        {impact && (
          <>
            <dt title="Requests that failed from the first process of the new version on">Failed requests</dt>
            <dd>
              {formatCount(impact.failed)} of {formatCount(impact.requests)}
            </dd>
            <dt title="Routes that failed more often than before">Blast radius</dt>
            <dd>
              {impact.affectedRoutes.length} of {impact.routes} routes
            </dd>
          </>
        )}
        {rollback && rollback.durationMs !== null && (
          <>
            <dt>Rollback</dt>
            <dd>
              {formatMs(rollback.durationMs)}, by {rollback.by}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
