import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconRocket } from '@tabler/icons-react';
import { useState } from 'react';
import type { NodeStatus } from '../../engine/api/types.ts';
import { type Strategy, strategySchema, versionsOf } from '../../engine/model/deploy.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { useReadOnly } from '../stores/trust.ts';
import { DeployOutcome } from './DeployOutcome.tsx';
import { deployVersion, rollBack } from './scaling-actions.ts';

const AS_SET = 'as set';
const strategies: Strategy['type'][] = ['recreate', 'rolling', 'blue-green', 'canary', 'shadow'];

/** Deploys a version of a node, watches it on its way, and rolls it back. */
export function DeployControl({ node, status }: { node: ArchipelNode; status: NodeStatus }) {
  const t = useT();
  const readOnly = useReadOnly();
  const { deploy } = status;
  const others = versionsOf(node.config)
    .map(({ name }) => name)
    .filter((name) => name !== status.version);
  const [chosen, setChosen] = useState<string | null>(null);
  const [strategy, setStrategy] = useState<string>(AS_SET);
  const version = chosen !== null && others.includes(chosen) ? chosen : (others[0] ?? null);
  const underWay = deploy !== null && ['building', 'rolling-out', 'rolling-back'].includes(deploy.state);
  const canRollBack =
    deploy !== null &&
    (deploy.state === 'building' ||
      deploy.state === 'rolling-out' ||
      (deploy.state === 'done' && status.version === deploy.version));
  return (
    <Stack gap={6} data-testid="deploy">
      <Text size="xs" fw={600}>
        {t('Version {{version}}', { version: status.version ?? '' })}
      </Text>
      {others.length === 0 && !deploy && (
        <Text size="xs" c="dimmed">
          {t('Add versions in the settings to deploy them here.')}
        </Text>
      )}
      {others.length > 0 && (
        <Group gap={6} wrap="nowrap" align="flex-end">
          <Select
            size="xs"
            aria-label={t('Version to deploy')}
            data={others}
            value={version}
            onChange={setChosen}
            allowDeselect={false}
            disabled={underWay}
          />
          <Select
            size="xs"
            aria-label={t('Strategy')}
            data={[
              { value: AS_SET, label: t('as in the settings') },
              ...strategies.map((type) => ({ value: type, label: said(type) })),
            ]}
            value={strategy}
            onChange={(value) => setStrategy(value ?? AS_SET)}
            allowDeselect={false}
            disabled={underWay}
          />
          <Button
            size="compact-sm"
            leftSection={<IconRocket size={14} />}
            disabled={readOnly || underWay || version === null}
            onClick={() =>
              version !== null &&
              void deployVersion(
                node.id,
                version,
                strategy === AS_SET ? null : strategySchema.parse({ type: strategy }),
              )
            }
          >
            {t('Deploy')}
          </Button>
        </Group>
      )}
      {deploy && <DeployOutcome deploy={deploy} />}
      {canRollBack && (
        <Button
          size="compact-xs"
          variant="light"
          color="orange"
          leftSection={<IconArrowBackUp size={13} />}
          style={{ alignSelf: 'flex-start' }}
          onClick={() => void rollBack(node.id)}
        >
          {t('Roll back to {{from}}', { from: deploy.from })}
        </Button>
      )}
    </Stack>
  );
}
