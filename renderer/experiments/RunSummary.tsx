import { Group, Table, Text } from '@mantine/core';
import type { LatencySummary, RunResult, TrafficCounts } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatCount, formatMs, formatSeconds } from '../ui/format.ts';
import { BrokerTable } from './BrokerTable.tsx';
import { Conservation } from './Conservation.tsx';
import { CostTable } from './CostTable.tsx';
import { OwnCost } from './OwnCost.tsx';

/** What a run came to: counts, latencies, reasons, and whether they add up. */
export function RunSummary({ result }: { result: RunResult }) {
  const t = useT();
  const { traffic } = result;
  return (
    <div data-testid="run-result">
      <Group gap="md" mb={6}>
        <Text size="sm" fw={600}>
          {result.document} · {result.scenario}
        </Text>
        <Text size="xs" c="dimmed">
          {t('{{what}} · seed {{seed}}', { what: formatSeconds(result.durationMs), seed: result.seed })}
        </Text>
        {traffic.dropped > 0 && (
          <Text size="xs" c="orange">
            {t('{{number}} dropped: they could not be sent in time', { number: formatCount(traffic.dropped) })}
          </Text>
        )}
      </Group>
      <Conservation conservation={result.conservation} />
      {result.warnings.map((warning) => (
        <Text key={warning} size="xs" c="orange">
          {said(warning)}
        </Text>
      ))}
      {result.overhead && <OwnCost overhead={result.overhead} />}
      <RunTables result={result} />
      {/* Of an older version there is none. */}
      <BrokerTable brokers={result.brokers ?? []} />
      {result.costs && <CostTable costs={result.costs} />}
    </div>
  );
}

export function RunTables({ result }: { result: RunResult }) {
  const t = useT();
  const rows: [string, TrafficCounts | undefined, LatencySummary | undefined][] = [
    [t('All routes'), result.traffic, result.latencyMs],
    [t('… uncorrected'), result.traffic, result.latencyMs.uncorrected],
    ...Object.entries(result.routes).map(([route, counts]): [string, TrafficCounts, LatencySummary | undefined] => [
      route,
      counts,
      result.latencyMs.routes[route],
    ]),
  ];
  return (
    <Group align="flex-start" gap="lg" wrap="nowrap" mt={6}>
      <Table fz="xs" verticalSpacing={3} horizontalSpacing={6} style={{ flex: 2 }}>
        <Table.Thead>
          <Table.Tr>
            {[t('Route'), t('Issued'), t('Ok'), t('Failed'), 'p50', 'p95', 'p99', 'p99.9', 'max'].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([route, counts, latency]) => (
            <Table.Tr key={route}>
              <Table.Td fw={600} data-short>
                {route}
              </Table.Td>
              {[counts?.issued, counts?.ok, counts?.failed].map((count, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: fixed columns
                <Table.Td key={index} data-short>
                  {formatCount(count ?? 0)}
                </Table.Td>
              ))}
              {[latency?.p50, latency?.p95, latency?.p99, latency?.p999, latency?.max].map((ms, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: fixed columns
                <Table.Td key={index} data-short>
                  {formatMs(ms)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {result.failures.length > 0 && (
        <Table fz="xs" verticalSpacing={3} horizontalSpacing={6} style={{ flex: 1 }} data-testid="failures">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('Failed because')}</Table.Th>
              <Table.Th>{t('at')}</Table.Th>
              <Table.Th>{t('Requests')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.failures.map(({ reason, hop, count }) => (
              <Table.Tr key={`${reason} ${hop}`}>
                <Table.Td fw={600}>{said(reason)}</Table.Td>
                <Table.Td data-short>{hop}</Table.Td>
                <Table.Td>{formatCount(count)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Group>
  );
}
