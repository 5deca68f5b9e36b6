import type { SweepRequest } from '../api/engine.ts';
import type { SweepResult } from '../api/types.ts';
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
  result.state === 'done' && result.type === 'ab' && result.verdict === 'failed';

/** Runs a sweep to its end, shows and writes its result. An interrupted one keeps what was measured. */
export async function runSweep(
  terminal: Terminal,
  session: Session,
  request: SweepRequest,
  { json, reports }: { json: JsonOutput; reports: SweepReportOutputs },
): Promise<{ exitCode: number; result: SweepResult }> {
  const { caller, interruption } = session;
  const documents = request.type === 'ab' ? [request.a.document, request.b.document] : [request.document];
  const measure = async (): Promise<SweepResult> => {
    using _progress = showProgress(terminal, session);
    for (const document of documents) await caller.documents.trust({ path: null, document });
    await caller.sweeps.start(request);
    return (await unlessInterrupted(caller.sweeps.done(), interruption)) ?? caller.sweeps.stop();
  };
  const result = await measure();
  printSweep(terminal, result);
  await tellUnwritten(() => json.write(result));
  await tellUnwritten(() => reports.write(result, documents));
  return { exitCode: missed(result) ? exitCodes.failed : exitCodeOf[result.state], result };
}
