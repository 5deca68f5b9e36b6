import { Text } from '@mantine/core';
import type { RunOverhead } from '../../engine/api/types.ts';
import { formatCount, formatMs } from '../ui/format.ts';

const share = (cpu: number): string => `${(cpu * 100).toFixed(1)} % of a core`;

/** What links, tracing and the engine cost in a run, as it was measured in it. */
export function OwnCost({ overhead: { links, tracing, engine } }: { overhead: RunOverhead }) {
  const added = links.addedP50Ms === null ? '' : ` + ${formatMs(links.addedP50Ms)} per round trip,`;
  const traced =
    tracing.ratio === null ? 'off' : `${share(tracing.cpu)} for ${formatCount(tracing.spans)} spans, as estimated`;
  return (
    <Text size="xs" c="dimmed" data-testid="own-cost">
      Own cost: links{added} {share(links.cpu)} · tracing {traced} · engine {share(engine.cpu)}
    </Text>
  );
}
