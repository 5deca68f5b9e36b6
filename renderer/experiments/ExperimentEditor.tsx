import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Experiment } from '../../engine/model/experiment.ts';
import { useT } from '../i18n/t.ts';
import { ReportButtons } from '../runs/ReportButtons.tsx';
import { useProblems } from '../stores/problems.ts';
import { useRun } from '../stores/run.ts';
import { useSession } from '../stores/session.ts';
import { ExperimentHead } from './ExperimentHead.tsx';
import { ExperimentSettings } from './ExperimentSettings.tsx';
import classes from './experiments.module.css';
import { JsonTab } from './JsonTab.tsx';
import { ProbeBoard } from './ProbeBoard.tsx';
import { AddStep } from './timeline/AddStep.tsx';
import { layoutOf } from './timeline/layout.ts';
import { stepAt } from './timeline/steps.ts';
import { Timeline } from './timeline/Timeline.tsx';
import { useZoom, ZoomControls } from './timeline/Zoom.tsx';
import { useRunOnTimeline } from './use-run-on-timeline.ts';
import { VerdictPanel } from './VerdictPanel.tsx';

type View = 'timeline' | 'settings' | 'json' | 'verdict';

/** One experiment: over time, as a form, as JSON, and what came out last. */
export function ExperimentEditor({ experiment, index }: { experiment: Experiment; index: number }) {
  const t = useT();
  const [view, setView] = useState<View>('timeline');
  const problems = useProblems(({ errors }) => errors);
  const step = useSession(({ selectedStep }) => selectedStep);
  const last = useRun(({ lastExperiment }) => lastExperiment);
  const result = last?.experiment.name === experiment.name ? last : null;
  const layout = layoutOf(experiment);
  const run = useRunOnTimeline(experiment, layout);
  const { pxPerMs, area, zoom, fit } = useZoom(layout.totalMs);
  const [heldPxPerMs, hold] = useState<number | null>(null);
  const selected = step && stepAt(experiment, step) ? step : null;
  const shown = view === 'verdict' && !result ? 'timeline' : view;
  return (
    <div className={classes.editor}>
      <ExperimentHead experiment={experiment} />
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label={t('How the experiment is shown')}
          value={shown}
          onChange={(next) => setView(next as View)}
          data={[
            { value: 'timeline', label: t('Timeline') },
            { value: 'settings', label: t('Settings') },
            { value: 'json', label: t('JSON') },
            { value: 'verdict', label: t('Verdict'), disabled: result === null },
          ]}
        />
        {shown === 'timeline' && (
          <>
            <AddStep index={index} experiment={experiment} after={selected} />
            <ZoomControls zoom={zoom} fit={fit} />
          </>
        )}
      </div>
      <div ref={area} className={classes.view} data-view={shown}>
        {shown === 'timeline' && (
          <Timeline
            experiment={experiment}
            index={index}
            layout={layout}
            pxPerMs={heldPxPerMs ?? pxPerMs}
            onDragging={(is) => hold(is ? pxPerMs : null)}
            selected={selected}
            problems={problems}
            run={run}
            onSelect={(path) =>
              useSession.setState({ selectedStep: path, experiment: index, selectedNodes: [], selectedEdges: [] })
            }
          />
        )}
        {shown === 'timeline' && run && <ProbeBoard probes={run.probes} isLive={run.isLive} />}
        {shown === 'settings' && <ExperimentSettings experiment={experiment} index={index} />}
        {shown === 'json' && <JsonTab experiment={experiment} index={index} />}
        {shown === 'verdict' && result && (
          <>
            {result.record !== null && <ReportButtons id={result.record} />}
            <VerdictPanel result={result} />
          </>
        )}
      </div>
    </div>
  );
}
