import { Button, Group, Loader, Menu, Select } from '@mantine/core';
import { IconChevronDown, IconFlask, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { useConnection } from '../engine-client/client.ts';
import { useT } from '../i18n/t.ts';
import { chosenScenario, run, runExperiment, stop } from '../running/run-actions.ts';
import { useDocument } from '../stores/document.ts';
import { runningSweep, useRun } from '../stores/run.ts';
import { useSession } from '../stores/session.ts';
import { ElapsedTime } from './ElapsedTime.tsx';
import { FaultControls } from './FaultControls.tsx';

export function RunControls() {
  const t = useT();
  const online = useConnection(({ state }) => state === 'online');
  const busy = useRun((state) => state.busy);
  const topology = useRun(({ frame }) => frame?.topology ?? 'stopped');
  const traffic = useRun(({ frame }) => frame?.traffic != null && frame.traffic.state !== 'done');
  const experiment = useRun(({ frame }) => frame?.experiment != null && frame.experiment.phase !== 'done');
  const sweep = useRun(({ frame }) => runningSweep(frame) !== null);
  const empty = useDocument(({ document }) => document.nodes.length === 0);

  const active = topology !== 'stopped' || experiment || sweep;
  // A sweep starts and stops topologies as it goes.
  const starting = busy === 'starting' || (topology === 'starting' && !experiment && !sweep);
  const stopping = busy === 'stopping' || (topology === 'stopping' && !sweep);
  // A topology without traffic can be given some.
  const canRun =
    online &&
    busy === null &&
    !empty &&
    !experiment &&
    !sweep &&
    !traffic &&
    (topology === 'stopped' || topology === 'running');
  return (
    <Group gap={8} wrap="nowrap">
      {(!active || canRun) && !starting && <ScenarioPicker />}
      {starting ? (
        <Button
          size="sm"
          variant="light"
          leftSection={<Loader size={14} />}
          onClick={() => void stop()}
          aria-label={t('Stop')}
          title={t('Stop')}
        >
          {t('Starting…')}
        </Button>
      ) : active && !canRun ? (
        <Button
          size="sm"
          color="red"
          variant={stopping ? 'light' : 'filled'}
          leftSection={stopping ? <Loader size={14} color="red" /> : <IconPlayerStopFilled size={15} />}
          disabled={stopping || !online}
          onClick={() => void stop()}
          aria-label={t('Stop')}
        >
          {stopping ? t('Stopping…') : t('Stop')}
        </Button>
      ) : (
        <>
          <Button
            size="sm"
            leftSection={<IconPlayerPlayFilled size={15} />}
            disabled={!canRun}
            onClick={() => void run()}
            aria-label={t('Run')}
            data-part="run"
          >
            {t('Run')}
          </Button>
          {active && (
            <Button
              size="sm"
              color="red"
              variant="light"
              leftSection={<IconPlayerStopFilled size={15} />}
              onClick={() => void stop()}
              aria-label={t('Stop')}
            >
              {t('Stop')}
            </Button>
          )}
        </>
      )}
      {active && <ElapsedTime />}
      {!active && <ExperimentMenu disabled={!online || busy !== null} />}
      <FaultControls />
    </Group>
  );
}

function ScenarioPicker() {
  const t = useT();
  const document = useDocument((state) => state.document);
  const chosen = useSession(({ scenario }) => scenario);
  if (document.scenarios.length < 2) return null;
  return (
    <Select
      size="sm"
      w={160}
      aria-label={t('Scenario')}
      data={[...new Set(document.scenarios.map(({ name }) => name))]}
      value={chosenScenario(document, chosen)?.name ?? null}
      allowDeselect={false}
      onChange={(scenario) => useSession.setState({ scenario })}
    />
  );
}

function ExperimentMenu({ disabled }: { disabled: boolean }) {
  const t = useT();
  const experiments = useDocument(({ document }) => document.experiments);
  if (experiments.length === 0) return null;
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button
          size="sm"
          variant="default"
          disabled={disabled}
          leftSection={<IconFlask size={16} />}
          rightSection={<IconChevronDown size={14} />}
        >
          {t('Experiment')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {experiments.map((experiment) => (
          <Menu.Item key={experiment.name} onClick={() => void runExperiment(experiment.name)}>
            {experiment.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
