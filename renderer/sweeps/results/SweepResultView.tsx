import { Badge, Group, Text } from '@mantine/core';
import type { SweepResult } from '../../../engine/api/types.ts';
import { said } from '../../i18n/said.ts';
import { key, useT } from '../../i18n/t.ts';
import { formatSeconds } from '../../ui/format.ts';
import { AbResult } from './AbResult.tsx';
import { BatchResult } from './BatchResult.tsx';
import { GridResult } from './GridResult.tsx';
import { HysteresisResult } from './HysteresisResult.tsx';
import { KneeResult } from './KneeResult.tsx';
import { RepeatResult } from './RepeatResult.tsx';
import { ReplicasResult } from './ReplicasResult.tsx';

const colors = { running: 'blue', done: 'green', inconclusive: 'yellow', stopped: 'gray' } as const;

const stateTitles = {
  running: key('running'),
  done: key('done'),
  inconclusive: key('inconclusive'),
  stopped: key('stopped'),
};

/** What was found, or why nothing was, with everything that was measured. */
export function SweepResultView({ result }: { result: SweepResult }) {
  const t = useT();
  return (
    <div data-testid="sweep-result" data-state={result.state}>
      <Group gap="sm" mb={4}>
        <Badge color={colors[result.state]} variant="light" component="span">
          {t(stateTitles[result.state])}
        </Badge>
        <Text size="xs" c="dimmed">
          {t('{{what}} · seed {{seed}}', {
            what: [result.document, result.scenario, formatSeconds(result.durationMs)].join(' · '),
            seed: result.seed,
          })}
        </Text>
      </Group>
      <Text size="sm" fw={600} data-testid="sweep-conclusion">
        {said(result.conclusion)}
      </Text>
      {result.warnings.map((warning) => (
        <Text key={warning} size="xs" c="orange">
          {said(warning)}
        </Text>
      ))}
      {'rule' in result && (
        <Text size="xs" c="dimmed">
          {said(result.rule)}.
        </Text>
      )}
      <FindingsOf result={result} />
    </div>
  );
}

function FindingsOf({ result }: { result: SweepResult }) {
  switch (result.type) {
    case 'knee':
      return <KneeResult findings={result} />;
    case 'replicas':
      return <ReplicasResult findings={result} />;
    case 'retries-timeout':
      return <GridResult findings={result} />;
    case 'hysteresis':
      return <HysteresisResult findings={result} />;
    case 'ab':
      return <AbResult findings={result} />;
    case 'repeat':
      return <RepeatResult findings={result} />;
    case 'batch':
      return <BatchResult findings={result} />;
  }
}
