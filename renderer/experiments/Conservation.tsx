import { Group, Text } from '@mantine/core';
import { IconEqual, IconEqualNot } from '@tabler/icons-react';
import type { RunResult } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';

/** Whether every request that was issued is accounted for. */
export function Conservation({ conservation }: { conservation: RunResult['conservation'] }) {
  const t = useT();
  const { holds, equation } = conservation;
  return (
    <Group gap={6} data-testid="conservation" data-holds={holds} wrap="nowrap">
      {holds ? (
        <IconEqual size={16} color="var(--state-ready)" aria-hidden />
      ) : (
        <IconEqualNot size={16} color="var(--state-dead)" aria-hidden />
      )}
      <Text size="sm">
        {holds ? t('Every request is accounted for:') : t('The counts do not add up:')} <code>{said(equation)}</code>
      </Text>
    </Group>
  );
}
