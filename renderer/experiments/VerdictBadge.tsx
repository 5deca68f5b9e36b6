import { Badge } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconHandStop, IconHelpCircle } from '@tabler/icons-react';
import type { Verdict } from '../../engine/api/types.ts';
import { type Key, key, useT } from '../i18n/t.ts';

const looks = {
  passed: { color: 'green', Icon: IconCircleCheck },
  failed: { color: 'red', Icon: IconCircleX },
  inconclusive: { color: 'yellow', Icon: IconHelpCircle },
  aborted: { color: 'gray', Icon: IconHandStop },
} satisfies Record<Verdict, unknown>;

const verdictTitles: Record<Verdict, Key> = {
  passed: key('passed'),
  failed: key('failed'),
  inconclusive: key('inconclusive'),
  aborted: key('aborted'),
};

export function VerdictBadge({ verdict, size = 'sm' }: { verdict: Verdict; size?: 'sm' | 'lg' }) {
  const t = useT();
  const { color, Icon } = looks[verdict];
  return (
    <Badge
      color={color}
      size={size}
      variant="light"
      leftSection={<Icon size={size === 'lg' ? 16 : 13} />}
      data-testid="verdict"
      data-verdict={verdict}
      component="span"
    >
      {t(verdictTitles[verdict])}
    </Badge>
  );
}
