import { Text } from '@mantine/core';
import type { RunOverhead } from '../../engine/api/types.ts';
import { fixed } from '../i18n/number.ts';
import { t, useT } from '../i18n/t.ts';
import { formatCount, formatMs } from '../ui/format.ts';

const share = (cpu: number): string => t('{{percent}} % of a core', { percent: fixed(cpu * 100, 1) });

/** What links, tracing and the engine cost in a run, as it was measured in it. */
export function OwnCost({ overhead: { links, tracing, engine } }: { overhead: RunOverhead }) {
  const t = useT();
  const linksText =
    links.addedP50Ms === null
      ? t('links {{share}}', { share: share(links.cpu) })
      : t('links + {{time}} per round trip, {{share}}', { time: formatMs(links.addedP50Ms), share: share(links.cpu) });
  const tracingText =
    tracing.ratio === null
      ? t('tracing off')
      : t('tracing {{share}} for {{spans}} spans, as estimated', {
          share: share(tracing.cpu),
          spans: formatCount(tracing.spans),
        });
  return (
    <Text size="xs" c="dimmed" data-testid="own-cost">
      {t('Own cost: {{links}} · {{tracing}} · {{engine}}', {
        links: linksText,
        tracing: tracingText,
        engine: t('engine {{share}}', { share: share(engine.cpu) }),
      })}
    </Text>
  );
}
