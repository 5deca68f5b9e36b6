import type { Engine } from '../api/engine.ts';
import type { createCaller as CreateCaller } from '../api/router.ts';
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
): Promise<number> {
  using interruption = watchInterruption(() => {
    terminal.live('');
    terminal.line('Stopping in order; interrupt again to end at once.');
  });
  // Loaded here, so that commands which need no engine start without it.
  const [{ createEngine }, { createCaller }] = await Promise.all([
    import('../api/create-engine.ts'),
    import('../api/router.ts'),
  ]);
  const engine = await createEngine();
  try {
    const context = { engine, initialPath };
    const exitCode = await work({
      engine,
      caller: createCaller(context),
      callerUntil: (signal) => createCaller(context, { signal }),
      interruption,
    });
    return interruption.signal.aborted ? interruption.exitCode() : exitCode;
  } catch (error) {
    // What fails while the user ends it all fails for that reason.
    if (interruption.signal.aborted) return interruption.exitCode();
    throw error;
  } finally {
    terminal.live('');
    await engine.close();
  }
}
