import type { SweepRequest } from '../api/engine.ts';
import { sweptDocuments } from '../api/sweep-documents.ts';
import type { SweepResult } from '../api/types.ts';
import { ArchipelError } from '../model/error.ts';
import { exitCodes } from './exit-codes.ts';
import { unlessInterrupted } from './interruption.ts';
import { type JsonOutput, tellUnwritten } from './json-output.ts';
import { showProgress } from './progress.ts';
import type { SweepReportOutputs } from './report-output.ts';
import type { Session } from './session.ts';
import { printSweep } from './sweep-summary.ts';
import type { Terminal } from './terminal.ts';

const exitCodeOf: Record<SweepResult['state'], number> = {
  running: exitCodes.failed,
  done: exitCodes.ok,
  inconclusive: exitCodes.inconclusive,
  stopped: exitCodes.aborted,
};

/** It came to its end, and not what was expected of it. */
const missed = (result: SweepResult): boolean =>
  result.state === 'done' && (result.type === 'ab' || result.type === 'batch') && result.verdict === 'failed';

/**
 * Runs a sweep to its end, shows and writes its result. An interrupted one keeps what was measured, and can be resumed.
 * `resumed`: id of the job that goes on, in place of a new one.
 */
export async function runSweep(
  terminal: Terminal,
  session: Session,
  request: SweepRequest,
  { json, reports, resumed }: { json: JsonOutput; reports: SweepReportOutputs; resumed?: string },
): Promise<{ exitCode: number; result: SweepResult }> {
  const { caller, interruption } = session;
  const documents = sweptDocuments(request);
  const begin = async (): Promise<string | null> => {
    if (resumed !== undefined) {
      await caller.jobs.resume({ id: resumed });
      return resumed;
    }
    for (const document of documents) await caller.documents.trust({ path: null, document });
    const { id, notKept } = await caller.jobs.start(request);
    if (id === null) terminal.line(`If this is interrupted, it cannot be resumed. ${notKept}`);
    return id;
  };
  const measure = async (): Promise<{ id: string | null; result: SweepResult }> => {
    using _progress = showProgress(terminal, session);
    const id = await begin();
    if (id === null)
      return {
        id,
        result: (await unlessInterrupted(caller.sweeps.done(), interruption)) ?? (await caller.sweeps.stop()),
      };
    const over = caller.jobs.done({ id });
    if (!(await unlessInterrupted(over, interruption))) await caller.jobs.cancel({ id });
    const { result, status } = await over;
    if (result) return { id, result };
    throw new ArchipelError(
      'stopped',
      status.conclusion ?? 'It was stopped before it began.',
      `Go on with \`archipel jobs resume ${id}\`.`,
    );
  };
  const { id, result } = await measure();
  printSweep(terminal, result);
  if (id !== null && result.state === 'stopped') terminal.line(`Go on with \`archipel jobs resume ${id}\`.`);
  await tellUnwritten(() => json.write(result));
  await tellUnwritten(() => reports.write(result, documents));
  return { exitCode: missed(result) ? exitCodes.failed : exitCodeOf[result.state], result };
}
