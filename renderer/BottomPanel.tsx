import { ActionIcon, Badge, Tabs } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import classes from './BottomPanel.module.css';
import { ProblemsPanel } from './documents/ProblemsPanel.tsx';
import { ExperimentsPanel } from './experiments/ExperimentsPanel.tsx';
import { ResultsPanel } from './experiments/ResultsPanel.tsx';
import { FaultsPanel } from './faults/FaultsPanel.tsx';
import { isOn } from './faults/fault-actions.ts';
import { HintsPanel } from './hints/HintsPanel.tsx';
import { useT } from './i18n/t.ts';
import { LogPanel } from './logs/LogPanel.tsx';
import { TrafficPanel } from './metrics/TrafficPanel.tsx';
import { OutlinePanel } from './outline/OutlinePanel.tsx';
import { PanelGrip } from './PanelGrip.tsx';
import { LiveOnly } from './replay/LiveOnly.tsx';
import { ReplayTraces } from './replay/ReplayTraces.tsx';
import { RequestPanel } from './requests/RequestPanel.tsx';
import { RunsPanel } from './runs/RunsPanel.tsx';
import { openHints, useHints } from './stores/hints.ts';
import { useProblems } from './stores/problems.ts';
import { useReplaying } from './stores/replay.ts';
import { useRun } from './stores/run.ts';
import { type BottomTab, showBottom, useSession } from './stores/session.ts';
import { SweepsPanel } from './sweeps/SweepsPanel.tsx';
import { TracesPanel } from './traces/TracesPanel.tsx';

/** Tabs that show more than figures. */
const tall: readonly BottomTab[] = ['experiments', 'sweeps', 'runs', 'hints', 'requests', 'outline'];

/** The strip below the canvas: what happens now, what came out, what is wrong. */
export function BottomPanel() {
  const t = useT();
  const replaying = useReplaying();
  const tab = useSession((state) => state.bottomTab);
  const open = useSession((state) => state.bottomOpen);
  const heightPx = useSession((state) => state.bottomHeightPx);
  const problems = useProblems(({ errors }) => errors.length);
  const hints = useHints(openHints);
  const faults = useRun(({ frame }) => frame?.faults.filter(isOn).length ?? 0);
  return (
    <section
      className={classes.panel}
      data-open={open}
      data-tall={tall.includes(tab)}
      aria-label={t('Measurements')}
      data-region="measurements"
      style={open && heightPx !== null ? { height: heightPx } : undefined}
    >
      {open && <PanelGrip />}
      <Tabs
        value={open ? tab : null}
        onChange={(value) => value && showBottom(value as BottomTab)}
        keepMounted={false}
        className={classes.tabs}
      >
        <div className={classes.bar}>
          <Tabs.List className={classes.list}>
            <Tabs.Tab value="traffic">{t('Traffic')}</Tabs.Tab>
            <Tabs.Tab value="experiments">{t('Experiments')}</Tabs.Tab>
            <Tabs.Tab value="sweeps">{t('Sweeps')}</Tabs.Tab>
            <Tabs.Tab value="results">{t('Results')}</Tabs.Tab>
            <Tabs.Tab value="faults" rightSection={faults > 0 && <Count color="orange" count={faults} />}>
              {t('Faults')}
            </Tabs.Tab>
            <Tabs.Tab value="traces">{t('Traces')}</Tabs.Tab>
            <Tabs.Tab value="requests">{t('Requests')}</Tabs.Tab>
            <Tabs.Tab value="runs">{t('Runs')}</Tabs.Tab>
            <Tabs.Tab value="logs">{t('Logs')}</Tabs.Tab>
            <Tabs.Tab value="hints" rightSection={hints > 0 && <Count color="gray" count={hints} />}>
              {t('Hints')}
            </Tabs.Tab>
            <Tabs.Tab value="problems" rightSection={problems > 0 && <Count color="red" count={problems} />}>
              {t('Problems')}
            </Tabs.Tab>
            <Tabs.Tab value="outline">{t('Outline')}</Tabs.Tab>
          </Tabs.List>
          <ActionIcon
            my="auto"
            mr={8}
            variant="subtle"
            color="gray"
            aria-label={open ? t('Hide the panel') : t('Show the panel')}
            onClick={() => useSession.setState({ bottomOpen: !open })}
          >
            {open ? <IconChevronDown size={16} /> : <IconChevronUp size={16} />}
          </ActionIcon>
        </div>
        <Tabs.Panel value="traffic" className={classes.body}>
          <TrafficPanel />
        </Tabs.Panel>
        <Tabs.Panel value="experiments" className={classes.body}>
          <ExperimentsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="sweeps" className={classes.body}>
          <SweepsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="results" className={classes.body}>
          <LiveOnly what={t('Results of the last run belong to what is live and are not part of the replay.')}>
            <ResultsPanel />
          </LiveOnly>
        </Tabs.Panel>
        <Tabs.Panel value="faults" className={classes.body}>
          <FaultsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="traces" className={classes.body}>
          {replaying ? <ReplayTraces /> : <TracesPanel />}
        </Tabs.Panel>
        <Tabs.Panel value="requests" className={classes.body}>
          <LiveOnly what={t('Requests by hand belong to what is live and are not part of the replay.')}>
            <RequestPanel />
          </LiveOnly>
        </Tabs.Panel>
        <Tabs.Panel value="runs" className={classes.body}>
          <RunsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="logs" className={classes.body}>
          <LogPanel />
        </Tabs.Panel>
        <Tabs.Panel value="hints" className={classes.body}>
          <HintsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="problems" className={classes.body}>
          <ProblemsPanel />
        </Tabs.Panel>
        <Tabs.Panel value="outline" className={classes.body}>
          <OutlinePanel />
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

const Count = ({ color, count }: { color: string; count: number }) => (
  <Badge size="xs" color={color} circle={count < 10} component="span">
    {count}
  </Badge>
);
