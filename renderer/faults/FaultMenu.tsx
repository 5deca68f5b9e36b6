import { Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { FaultStatus } from '../../engine/api/types.ts';
import { useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useReplaying } from '../stores/replay.ts';
import { useRun } from '../stores/run.ts';
import { useFrameEvery } from '../stores/use-live.ts';
import { FaultRow } from './FaultRow.tsx';
import { actsOnEdge, actsOnNode, isOn } from './fault-actions.ts';
import { faultMenu } from './fault-menu.ts';
import classes from './faults.module.css';
import { edgesOf, type FaultScope, scopeKey } from './scope.ts';

/** Every fault that can go on a scope, by family, with a search; what is on shows at its fault. */
export function FaultMenu({ scope, focus = false }: { scope: FaultScope; focus?: boolean }) {
  const t = useT();
  const frame = useFrameEvery(250);
  const document = useDocument((state) => state.document);
  const platform = useRun(({ host }) => host?.platform);
  const [search, setSearch] = useState('');
  const running = frame !== null && frame.topology === 'running';
  const replaying = useReplaying();
  const held = replaying
    ? t('A recorded run is shown, and faults act on what is live. Leave the replay first.')
    : running
      ? null
      : t('Nothing runs yet: press Run, then inject.');
  const families = faultMenu(scope, document, platform, search);
  const active = (frame?.faults ?? []).filter((fault) => isOn(fault) && isWithin(fault, scope));
  const replicas =
    scope.type === 'node' ? (frame?.nodes[scope.node]?.replicas.map(({ replica }) => replica) ?? [0]) : null;
  return (
    <Stack gap={8} data-testid="fault-menu">
      <TextInput
        size="xs"
        aria-label={t('Search faults')}
        placeholder={t('Search faults')}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={search}
        data-autofocus={focus || undefined}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {held && (
        <Text size="xs" c="dimmed">
          {held}
        </Text>
      )}
      {families.map(({ family, title, entries }) => (
        <section key={family} aria-label={title}>
          <h3 className={classes.family}>{title}</h3>
          <Stack gap={4}>
            {entries.map((entry) => (
              <FaultRow
                key={`${scopeKey(scope)} ${entry.definition.fault}`}
                entry={entry}
                scope={scope}
                replicas={replicas}
                active={active.filter(({ fault }) => fault === entry.definition.fault)}
                frame={frame}
                held={held}
              />
            ))}
          </Stack>
        </section>
      ))}
      {families.length === 0 && (
        <Text size="sm" c="dimmed">
          {search ? t('No fault here is called “{{search}}”.', { search }) : t('No fault can go on this.')}
        </Text>
      )}
    </Stack>
  );

  function isWithin(fault: FaultStatus, within: FaultScope): boolean {
    switch (within.type) {
      case 'node':
        return actsOnNode(fault, within.node);
      case 'edge':
        return actsOnEdge(fault, within.edge);
      case 'group':
        return 'group' in fault.target && fault.target.group === within.group;
      case 'several':
        return (
          within.nodes.some((node) => actsOnNode(fault, node)) ||
          edgesOf(within, document).some((edge) => actsOnEdge(fault, edge))
        );
      case 'document':
        return true;
    }
  }
}
