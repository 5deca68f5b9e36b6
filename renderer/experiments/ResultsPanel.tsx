import { EmptyState } from '../empty/EmptyState.tsx';
import { experimentsAction, runAction } from '../empty/empty-actions.ts';
import { useT } from '../i18n/t.ts';
import { ReportButtons } from '../runs/ReportButtons.tsx';
import { useRun } from '../stores/run.ts';
import { ExperimentProgress } from './ExperimentProgress.tsx';
import { RunSummary } from './RunSummary.tsx';
import { VerdictPanel } from './VerdictPanel.tsx';

/** The experiment that runs, else what came out last. */
export function ResultsPanel() {
  const t = useT();
  const running = useRun(({ frame }) => frame?.experiment != null && frame.experiment.phase !== 'done');
  const experiment = useRun((state) => state.lastExperiment);
  const run = useRun((state) => state.lastRun);
  if (running) return <ExperimentProgress />;
  // The newer of the two.
  if (experiment && (!run || experiment.startedAtMs >= run.startedAtMs))
    return (
      <>
        {experiment.record !== null && <ReportButtons id={experiment.record} />}
        <VerdictPanel result={experiment} />
      </>
    );
  if (run)
    return (
      <>
        {run.record !== null && <ReportButtons id={run.record} />}
        <RunSummary result={run} />
      </>
    );
  return (
    <EmptyState title={t('No result yet')} actions={[runAction, experimentsAction]}>
      {t('Run the document and stop it again to see what the run came to, or run an experiment for a verdict.')}
    </EmptyState>
  );
}
