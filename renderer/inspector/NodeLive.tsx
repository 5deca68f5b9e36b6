import { Button, Group, Stack, Text } from '@mantine/core';
import { IconListDetails, IconRefresh } from '@tabler/icons-react';
import { Fragment } from 'react';
import type { ReplicaStatus } from '../../engine/api/types.ts';
import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition, MeasureDefinition } from '../../engine/model/definition.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { FaultMenu } from '../faults/FaultMenu.tsx';
import { actsOnNode, isOn } from '../faults/fault-actions.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, t, useT } from '../i18n/t.ts';
import { MessagesButton } from '../messages/MessagesButton.tsx';
import { restartProcess } from '../running/run-actions.ts';
import { NodeChanges } from '../scaling/NodeChanges.tsx';
import { useReplaying } from '../stores/replay.ts';
import { showBottom, useSession } from '../stores/session.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { formatBytes, formatCount, formatFigure, formatLimit, formatMeasure, formatMs, percent } from '../ui/format.ts';
import { formatMoney } from '../ui/money.ts';
import { StateBadge } from '../ui/StateBadge.tsx';
import { EnvironmentList } from './EnvironmentList.tsx';
import classes from './Inspector.module.css';
import { NodeQueues } from './NodeQueues.tsx';

/** The processes of a node: figures, faults, logs. */
export function NodeLive({ node, measures }: { node: ArchipelNode; measures: readonly MeasureDefinition[] }) {
  const t = useT();
  const frame = useFrameEvery(250);
  const replaying = useReplaying();
  const status = frame?.nodes[node.id];
  if (!frame || !status || frame.topology === 'stopped')
    return (
      <Text size="sm" c="dimmed">
        {t(
          'Nothing runs. Press Run: then the processes of this node show here, and can be killed, paused and restarted.',
        )}
      </Text>
    );
  const active = frame.faults.filter((fault) => isOn(fault) && actsOnNode(fault, node.id));
  const kind = (kinds as readonly KindDefinition[]).find((definition) => definition.kind === node.kind);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <StateBadge state={status.state} />
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconListDetails size={13} />}
          onClick={() => {
            useSession.setState({ logNode: node.id, recordedLog: null });
            showBottom('logs');
          }}
        >
          {t('Logs')}
        </Button>
      </Group>
      {status.reason && <Text size="xs">{said(status.reason)}</Text>}
      <dl className={classes.facts}>
        <dt>{t('Requests')}</dt>
        <dd>
          {t('{{rate}} · {{number}} in all', {
            rate: formatMeasure(status.requestsPerSec, 'per second'),
            number: formatCount(status.requests),
          })}
        </dd>
        <dt>{t('Errors')}</dt>
        <dd>
          {t('{{rate}} · {{number}} in all', {
            rate: formatMeasure(status.errorsPerSec, 'per second'),
            number: formatCount(status.errors),
          })}
        </dd>
        <dt>{t('p50 · p99')}</dt>
        <dd>
          {formatMs(status.p50Ms)} · {formatMs(status.p99Ms)}
        </dd>
        <dt>{t('In flight')}</dt>
        <dd>{formatCount(status.inFlight)}</dd>
        <dt title={t('What would have to grow so that this node could do more, judged by the last second')}>
          {t('Limit')}
        </dt>
        <dd title={status.limit ? said(status.limit.detail) : undefined}>{formatLimit(status.limit)}</dd>
        {status.costPerHour !== undefined && (
          <>
            <dt title={t('At the prices of the document, if it goes on as in the last second')}>{t('Cost')}</dt>
            <dd data-metric="cost-per-hour">{t('{{amount}} an hour', { amount: formatMoney(status.costPerHour) })}</dd>
          </>
        )}
        {sectionsOf(measures).map(([section, figures]) => (
          <Fragment key={section}>
            {section !== '' && <dt className={classes.section}>{said(section)}</dt>}
            {figures.map((measure) => (
              <Fragment key={measure.id}>
                <dt title={said(measure.help)}>{said(measure.title)}</dt>
                <dd data-measure={measure.id}>{formatFigure(status.measures[measure.id], measure)}</dd>
              </Fragment>
            ))}
          </Fragment>
        ))}
      </dl>
      {status.environments && <EnvironmentList environments={status.environments} />}
      {status.queues && <NodeQueues queues={status.queues} />}
      {status.queues && !replaying && <MessagesButton node={node} queues={status.queues} />}
      {kind && !replaying && <NodeChanges node={node} kind={kind} status={status} />}
      <Stack gap={6}>
        {status.replicas.map((replica) => (
          <Replica
            key={replica.replica}
            node={node}
            replica={replica}
            // The past is not restarted.
            mayRestart={!replaying && !active.some((fault) => actsOnNode(fault, node.id, replica.replica))}
          />
        ))}
      </Stack>
      {!replaying && (
        <Stack gap={8}>
          <Text size="xs" fw={600}>
            {t('Faults')}
          </Text>
          <FaultMenu scope={{ type: 'node', node: node.id }} />
        </Stack>
      )}
    </Stack>
  );
}

/** In the order of the kind; those of no section come first, under the figures that all kinds have. */
function sectionsOf(measures: readonly MeasureDefinition[]): [string, MeasureDefinition[]][] {
  const titles = [...new Set(['', ...measures.map(({ section = '' }) => section)])];
  return titles.map((title) => [title, measures.filter(({ section = '' }) => section === title)]);
}

const roleTitles: Record<ReplicaStatus['role'], Key> = {
  none: key('no traffic'),
  live: key('live'),
  canary: key('canary'),
  shadow: key('shadow'),
};

function replicaTitle(kind: string, replica: number): string {
  const own = (kinds as readonly KindDefinition[]).find((definition) => definition.kind === kind)?.replicaTitle;
  return own ? said(own(replica)) : t('Replica {{replica}}', { replica });
}

function Replica({ node, replica, mayRestart }: { node: ArchipelNode; replica: ReplicaStatus; mayRestart: boolean }) {
  const t = useT();
  return (
    <div className={classes.replica}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" fw={600}>
          {replicaTitle(node.kind, replica.replica)}
        </Text>
        <StateBadge state={replica.state} title={replica.reason} />
      </Group>
      <Text size="xs" c="dimmed" mt={2}>
        {replica.pid === null
          ? t('no process')
          : t('pid {{pid}} · port {{port}}', { pid: replica.pid, port: replica.port ?? '–' })}{' '}
        · {t('CPU {{share}}', { share: percent(Math.round(replica.cpu * 100)) })} · {formatBytes(replica.rssBytes)}
        {replica.version !== null && ` · ${replica.version}`}
        {replica.role !== 'live' && ` · ${t(roleTitles[replica.role])}`}
      </Text>
      {replica.reason && (
        <Text size="xs" mt={2}>
          {said(replica.reason)}
        </Text>
      )}
      {replica.state === 'dead' && mayRestart && (
        <Button
          mt={6}
          size="compact-xs"
          leftSection={<IconRefresh size={13} />}
          onClick={() => void restartProcess({ node: node.id, replica: replica.replica })}
        >
          {t('Restart replica {{replica}}', { replica: replica.replica })}
        </Button>
      )}
    </div>
  );
}
