import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { IconEye, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { JobState, JobStatus } from '../../engine/api/types.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, type T, useT } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { useRun } from '../stores/run.ts';
import { showError } from '../stores/session.ts';
import { openSweep } from './sweep-edits.ts';
import classes from './sweeps.module.css';

const states: Record<JobState, Key> = {
  waiting: key('waits for its turn'),
  running: key('running'),
  done: key('found'),
  inconclusive: key('inconclusive'),
  cancelled: key('cancelled'),
  interrupted: key('interrupted'),
};

/** What was started here or elsewhere, as the engine keeps it on the disk: it outlives the window, and what was cut off goes on. */
export function Jobs() {
  const t = useT();
  const jobs = useJobs();
  if (jobs.length === 0) return null;
  return (
    <section className={classes.jobs} aria-label={t('Jobs')} data-testid="jobs">
      <Text size="xs" c="dimmed">
        {t('Jobs')}
      </Text>
      {jobs.map((job) => (
        <JobLine key={job.id} job={job} />
      ))}
    </section>
  );
}

/** Read when they are looked at, and anew when the engine says that they have changed. */
function useJobs(): JobStatus[] {
  const changes = useRun(({ frame }) => frame?.jobs?.changes);
  const [jobs, setJobs] = useState<JobStatus[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change is a reason to look again
  useEffect(() => {
    let isWanted = true;
    engine.jobs.list.query().then(
      (list) => isWanted && setJobs(list),
      // Another engine has them open: they are shown there.
      () => isWanted && setJobs([]),
    );
    return () => {
      isWanted = false;
    };
  }, [changes]);
  return jobs;
}

function JobLine({ job }: { job: JobStatus }) {
  const t = useT();
  const isOpen = job.state === 'waiting' || job.state === 'running';
  const canGoOn = job.state === 'cancelled' || job.state === 'interrupted';
  const attempt = (what: string, call: () => Promise<unknown>) => () =>
    void call().catch((error: unknown) => showError(what, shownError(error)));
  return (
    <div className={classes.job} data-state={job.state} title={job.conclusion ? said(job.conclusion) : undefined}>
      <div className={classes.title}>
        <Text size="xs" truncate>
          {job.name}
        </Text>
        <Text size="xs" c="dimmed">
          {`${t(states[job.state])} · ${measuredOf(job, t)}`}
        </Text>
      </div>
      {!isOpen && job.conclusion !== null && (
        <Act label={t('Show the result')} onClick={attempt(t('The result was not shown'), () => showResult(job))}>
          <IconEye size={14} />
        </Act>
      )}
      {canGoOn && (
        <Act
          label={t('Go on from what was measured')}
          onClick={attempt(t('It does not go on'), () => engine.jobs.resume.mutate({ id: job.id }))}
        >
          <IconPlayerPlay size={14} />
        </Act>
      )}
      {isOpen ? (
        <Act
          label={t('Cancel the job')}
          onClick={attempt(t('It was not cancelled'), () => engine.jobs.cancel.mutate({ id: job.id }))}
        >
          <IconPlayerStop size={14} />
        </Act>
      ) : (
        <Act
          label={t('Forget the job')}
          onClick={attempt(t('It was not forgotten'), () => engine.jobs.delete.mutate({ ids: [job.id] }))}
        >
          <IconTrash size={14} />
        </Act>
      )}
    </div>
  );
}

function measuredOf({ pointsKept, progress, state }: JobStatus, t: T): string {
  const isWhole = state === 'done' || state === 'inconclusive';
  return progress && !isWhole && progress.stepsExpected > pointsKept
    ? t('{{done}} of about {{expected}} measured', { done: pointsKept, expected: progress.stepsExpected })
    : t('{{count}} measured', { count: pointsKept });
}

/** In the place of the sweep that it is, as far as the document on the canvas has it. */
async function showResult({ id, type, name }: JobStatus): Promise<void> {
  const { result } = await engine.jobs.get.query({ id });
  if (!result) return;
  const { sweeps } = useDocument.getState().document;
  const place =
    type === 'ab' || type === 'repeat' || type === 'batch'
      ? type
      : sweeps.findIndex((sweep) => sweep.type === type && sweep.name === name);
  useRun.setState({ lastSweep: result });
  if (place !== -1) openSweep(place);
}

function Act({ label, onClick, children }: { label: string; onClick(): void; children: ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
