import { createServer, type Server } from 'node:net';
import { ArchipelError } from '../../model/error.ts';
import type { Injector, ProcessTarget } from '../inject.ts';
import { pidOf } from '../running-process.ts';
import { untilAborted } from '../until-aborted.ts';

const ANSWER_MS = 2000;

/** Takes the port, and drops whoever connects. */
function occupy(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const occupant = createServer((socket) => socket.destroy());
    occupant.once('error', reject);
    occupant.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(occupant.unref()));
  });
}

export const injectPortOccupied: Injector<ProcessTarget, Record<string, never>> = async (target, _, { signal }) => {
  pidOf(target, 'restarted');
  const port = target.port();
  if (port === null)
    throw new ArchipelError(
      'fault-impossible',
      `Replica ${target.replica} of "${target.nodeId}" is not ready, and has no port yet.`,
      'Wait until it is ready.',
    );
  let occupant: Server;
  try {
    await target.end('graceful');
    occupant = await occupy(port);
  } catch (cause) {
    await target.start().catch(() => {});
    throw new ArchipelError(
      'fault-impossible',
      `Port ${port} of "${target.nodeId}" could not be taken: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Try again.',
      { cause },
    );
  }
  /** Why it did not start; null where it did. */
  const start: Promise<string | null> = target.start().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

  return {
    async proveEffect() {
      const problem = await start;
      const occupied = `port ${port} is taken by somebody else`;
      if (problem !== null)
        return {
          holds: occupant.listening && target.pid() === null,
          evidence: `${occupied}, and the start failed: ${sayingOf(problem)}`,
        };
      const answers = await target.healthy(ANSWER_MS);
      return {
        holds: occupant.listening && target.port() !== port && answers,
        evidence: `${occupied}; process ${target.pid()} listens on ${target.port()} instead, where it ${answers ? 'answers' : 'does not answer'}, and links lead there`,
      };
    },
    async proveRemoval() {
      const answers = await target.healthy(ANSWER_MS);
      return {
        holds: !occupant.listening && answers,
        evidence: `nobody else has port ${port} any more; process ${target.pid() ?? 'none'} listens on ${target.port() ?? 'none'} and ${answers ? 'answers' : 'does not answer'} its health check`,
      };
    },
    undone: untilAborted(signal).then(async () => {
      await new Promise((resolve) => occupant.close(resolve));
      // One that waits for the port gets it now; one that gave up is started again.
      await start;
      await target.start();
    }),
  };
};

/** Of what a program said before it ended, the line that is about the port; else the first. */
function sayingOf(problem: string): string {
  const lines = problem.split('\n');
  return (lines.find((line) => /in use|EADDRINUSE/i.test(line)) ?? lines[0] ?? '').trim();
}
