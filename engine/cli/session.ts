import type { Engine } from '../api/engine.ts';
import type { createCaller as CreateCaller } from '../api/router.ts';
import type { JobStatus } from '../api/types.ts';
import { announceEngine } from '../documents/running-engines.ts';
import { type Interruption, watchInterruption } from './interruption.ts';
import type { Terminal } from './terminal.ts';

type Caller = ReturnType<typeof CreateCaller>;

export interface Session {
  engine: Engine;
  /** The contract, as the window and the browser use it. */
  caller: Caller;
  /** The same for streams, which end with the signal. */
  callerUntil(signal: AbortSignal): Caller;
  interruption: Interruption;
}

/** Runs the work with an engine of its own in this process, and closes the engine whatever happens. */
export async function withEngine(
  terminal: Terminal,
  initialPath: string | null,
  work: (session: Session) => Promise<number>,
  {
    announced = true,
    door = 'command',
    interruptedExitCode,
  }: {
    announced?: boolean;
    /** Whose jobs it takes up: a command runs its own only. */
    door?: JobStatus['door'];
    /** Where an interrupted work has a result that says so. Default: that of the signal. */
    interruptedExitCode?: number;
  } = {},
): Promise<number> {
  using interruption = watchInterruption(() => {
    terminal.live('');
    terminal.line('Stopping in order; interrupt again to end at once.');
  });
  const interrupted = (): number => interruptedExitCode ?? interruption.exitCode();
  // Loaded here, so that commands which need no engine start without it.
  const [{ createEngine }, { createCaller }] = await Promise.all([
    import('../api/create-engine.ts'),
    import('../api/router.ts'),
  ]);
  const engine = await createEngine({ door });
  // While the work begins: nobody waits for it.
  const reachable = announced ? makeReachable(engine, initialPath).catch(() => null) : Promise.resolve(null);
  try {
    const context = { engine, initialPath };
    const exitCode = await work({
      engine,
      caller: createCaller(context),
      callerUntil: (signal) => createCaller(context, { signal }),
      interruption,
    });
    return interruption.signal.aborted ? interrupted() : exitCode;
  } catch (error) {
    // What fails while the user ends it all fails for that reason.
    if (interruption.signal.aborted) return interrupted();
    throw error;
  } finally {
    terminal.live('');
    await (await reachable)?.close();
    await engine.close();
  }
}

/** For `archipel faults` in another terminal. A run that cannot be reached from there is a run all the same. */
async function makeReachable(engine: Engine, file: string | null): Promise<{ close(): Promise<void> }> {
  const { startServer } = await import('../api/server.ts');
  const server = await startServer({ engine, port: 0, staticDirectory: null, initialPath: file });
  try {
    const { url, token } = server;
    const withdraw = await announceEngine({ door: 'command', file, url, token });
    return {
      async close() {
        withdraw();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}
