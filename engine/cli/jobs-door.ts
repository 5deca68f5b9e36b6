import type { Job, JobStatus } from '../api/types.ts';
import { jobsDirectory } from '../jobs/directory.ts';
import { ownerOf } from '../jobs/owner.ts';
import { silence, withRunningEngines } from './engine-client.ts';
import { exitCodes } from './exit-codes.ts';
import { type Session, withEngine } from './session.ts';
import type { Terminal } from './terminal.ts';

/** What can be done with jobs wherever they are open. */
export interface JobsDoor {
  /** The engine of this command that has them open, or the process of another one. */
  in: { session: Session } | { pid: number };
  list(): Promise<JobStatus[]>;
  get(id: string): Promise<Job>;
  cancel(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  delete(ids: string[]): Promise<void>;
}

/** Where another engine of this user has the jobs open, they are its own; else an engine of this command opens them. */
export async function withJobs(terminal: Terminal, work: (jobs: JobsDoor) => Promise<number>): Promise<number> {
  const owner = await ownerOf(jobsDirectory());
  if (owner && owner.pid > 0)
    return withRunningEngines(owner.pid, async ({ connected: [reached], silent: [busy] }) => {
      if (busy) throw silence(busy);
      if (!reached) return inOwnEngine(terminal, work);
      const { jobs } = reached.client;
      return work({
        in: { pid: owner.pid },
        list: () => jobs.list.query(),
        get: (id) => jobs.get.query({ id }),
        cancel: (id) => jobs.cancel.mutate({ id }),
        resume: (id) => jobs.resume.mutate({ id }),
        delete: (ids) => jobs.delete.mutate({ ids }),
      });
    });
  return inOwnEngine(terminal, work);
}

const inOwnEngine = (terminal: Terminal, work: (jobs: JobsDoor) => Promise<number>): Promise<number> =>
  withEngine(
    terminal,
    null,
    (session) => {
      const { jobs } = session.caller;
      return work({
        in: { session },
        list: () => jobs.list(),
        get: (id) => jobs.get({ id }),
        cancel: (id) => jobs.cancel({ id }),
        resume: (id) => jobs.resume({ id }),
        delete: (ids) => jobs.delete({ ids }),
      });
    },
    { interruptedExitCode: exitCodes.aborted },
  );
