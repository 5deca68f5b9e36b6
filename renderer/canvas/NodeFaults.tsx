import { Button, Group, Paper, Tooltip } from '@mantine/core';
import { IconBolt, IconRefresh, IconX } from '@tabler/icons-react';
import { NodeToolbar, Position } from 'reactflow';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { countdown } from '../faults/activity.ts';
import { injectDraft } from '../faults/drafts.ts';
import { actsOnNode, isOn, takeOff } from '../faults/fault-actions.ts';
import { nodeRefusal } from '../faults/fault-menu.ts';
import { faultIcon, faultLimit, faultTitle, faultVerb, quickFaultsOf } from '../faults/presentation.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { restartProcess } from '../running/run-actions.ts';
import { useDocument } from '../stores/document.ts';
import { useReplaying } from '../stores/replay.ts';
import { useRun } from '../stores/run.ts';
import { openFaults } from '../stores/session.ts';
import { useFrameEvery } from '../stores/use-live.ts';

/** Quick faults of the selected node, above its card, and the way to all others. */
export function NodeFaults({ node, kindFaults }: { node: ArchipelNode; kindFaults: readonly string[] }) {
  const t = useT();
  const frame = useFrameEvery(200);
  const platform = useRun(({ host }) => host?.platform);
  const document = useDocument((state) => state.document);
  const status = frame?.nodes[node.id];
  const replaying = useReplaying();
  // The past takes no faults.
  if (!frame || !status || frame.topology === 'stopped' || replaying) return null;

  const scope = { type: 'node', node: node.id } as const;
  const active = frame.faults.filter((fault) => isOn(fault) && actsOnNode(fault, node.id));
  const dead = status.replicas.filter(
    (replica) => replica.state === 'dead' && !active.some((fault) => actsOnNode(fault, node.id, replica.replica)),
  );
  const victim = status.replicas.find((replica) => replica.state === 'ready') ?? status.replicas[0];
  const injectable = quickFaultsOf(kindFaults).filter(({ fault }) => !active.some((other) => other.fault === fault));

  return (
    <NodeToolbar isVisible position={Position.Top} offset={10}>
      <Paper withBorder shadow="md" p={4} radius="md">
        <Group gap={4} maw={380}>
          {injectable.map((definition) => {
            const Icon = faultIcon(definition.fault);
            const limit = faultLimit(definition, platform);
            const refusal = nodeRefusal(definition, scope, document, platform);
            return (
              <Tooltip
                key={definition.fault}
                label={refusal ?? (limit ? `${said(definition.help)} ${limit}` : said(definition.help))}
                withinPortal
              >
                <Button
                  size="compact-sm"
                  variant={limit ? 'subtle' : 'light'}
                  color={limit ? 'gray' : 'red'}
                  leftSection={<Icon size={14} />}
                  disabled={!victim || victim.state === 'dead'}
                  // It can still be pointed at, and says why it does nothing.
                  data-disabled={refusal !== null || undefined}
                  aria-disabled={refusal !== null || undefined}
                  aria-label={`${faultVerb(definition)} ${node.name}${refusal === null ? '' : `. ${refusal}`}`}
                  onClick={() => victim && refusal === null && void injectDraft(definition, scope, victim.replica)}
                >
                  {faultVerb(definition)}
                </Button>
              </Tooltip>
            );
          })}
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconBolt size={14} />}
            aria-label={t('More… faults for {{name}}', { name: node.name })}
            onClick={() => openFaults(scope)}
          >
            {t('More…')}
          </Button>
          {active.map((fault) => (
            <Button
              key={fault.id}
              size="compact-sm"
              variant="filled"
              color="orange"
              leftSection={<IconX size={14} />}
              disabled={fault.state === 'ending'}
              aria-label={t('{{title}} · {{countdown}}: take it off {{id}}', {
                title: faultTitle(fault.fault),
                countdown: countdown(fault, frame),
                id: node.name,
              })}
              onClick={() => void takeOff(fault.id)}
            >
              {faultTitle(fault.fault)} · {countdown(fault, frame)}
            </Button>
          ))}
          {dead.length > 0 && (
            <Button
              size="compact-sm"
              variant="filled"
              leftSection={<IconRefresh size={14} />}
              aria-label={t('Restart {{name}}', { name: node.name })}
              onClick={() => dead.forEach(({ replica }) => void restartProcess({ node: node.id, replica }))}
            >
              {t('Restart')}
            </Button>
          )}
        </Group>
      </Paper>
    </NodeToolbar>
  );
}
