import { Group, List, Stack, Text } from '@mantine/core';
import type { ExperimentResult } from '../../engine/api/types.ts';
import { FaultTable } from '../faults/FaultsPanel.tsx';
import { said } from '../i18n/said.ts';
import { useT } from '../i18n/t.ts';
import { formatMs, formatSeconds } from '../ui/format.ts';
import { BrokerTable } from './BrokerTable.tsx';
import { Conservation } from './Conservation.tsx';
import { CostTable } from './CostTable.tsx';
import { ImpactFigures } from './ImpactFigures.tsx';
import { ProbeTable } from './ProbeTable.tsx';
import { RunTables } from './RunSummary.tsx';
import { stepTypeTitles } from './timeline/step-title.ts';
import type { Step } from './timeline/steps.ts';
import { VerdictBadge } from './VerdictBadge.tsx';

/** A measured verdict with everything that it rests on. */
export function VerdictPanel({ result }: { result: ExperimentResult }) {
  const t = useT();
  const { experiment, verdict, reasons, faults, recoveryMs } = result;
  return (
    <Stack gap="sm" data-testid="verdict-panel">
      <Group gap="sm">
        <VerdictBadge verdict={verdict} size="lg" />
        <Text fw={600}>{experiment.title}</Text>
        <Text size="xs" c="dimmed">
          {t('{{what}} · seed {{seed}}', { what: formatSeconds(result.durationMs), seed: result.seed })} ·{' '}
          {recoveryMs === null ? t('no recovery measured') : t('recovered in {{time}}', { time: formatMs(recoveryMs) })}
        </Text>
      </Group>
      {experiment.statement && (
        <Text size="sm" fs="italic">
          {t('“{{statement}}”', { statement: experiment.statement })}
        </Text>
      )}
      <List size="sm" spacing={2}>
        {reasons.map((reason) => (
          <List.Item key={reason}>{said(reason)}</List.Item>
        ))}
      </List>
      {result.stoppedBy && (
        <Text size="sm">{t('Ended by the stop condition “{{condition}}”.', { condition: result.stoppedBy })}</Text>
      )}
      {result.impact && <ImpactFigures impact={result.impact} />}
      <StepsThatFailed result={result} />
      <ProbeTable result={result} />
      {faults.length > 0 && <FaultTable faults={faults} />}
      <Conservation conservation={result.conservation} />
      <RunTables result={result} />
      {/* Of an older version there is none. */}
      <BrokerTable brokers={result.brokers ?? []} />
      {result.costs && <CostTable costs={result.costs} />}
    </Stack>
  );
}

/** Steps and rollbacks that did not do what they were to do. */
function StepsThatFailed({ result: { steps, rollbacks } }: { result: ExperimentResult }) {
  const t = useT();
  const failed = [...steps, ...rollbacks].filter(({ error }) => error !== null);
  if (failed.length === 0) return null;
  return (
    <List size="sm" spacing={2}>
      {failed.map(({ place, name, type, error }) => (
        <List.Item key={place}>
          <b>{name ?? t(stepTypeTitles[type as Step['type']])}</b>{' '}
          {t('({{place}}) failed: {{error}}', { place, error: said(error ?? '') })}
        </List.Item>
      ))}
    </List>
  );
}
