import { createTRPCClient, createWSClient, type TRPCClient, wsLink } from '@trpc/client';
import { WebSocket } from 'ws';
import type { Router } from '../api/router.ts';
import { forgetEngine, type RunningEngine, runningEngines } from '../documents/running-engines.ts';
import { ArchipelError } from '../model/error.ts';

export interface ConnectedEngine {
  engine: RunningEngine;
  client: TRPCClient<Router>;
  close(): Promise<void>;
}

/** What was found of the engines that are written down as running. */
export interface ReachedEngines {
  connected: ConnectedEngine[];
  /** Their process lives, but nobody has answered there in time. */
  silent: RunningEngine[];
}

/** Long: an engine that has much to do is no engine that is gone. */
const CONNECT_MS = 10_000;

/** The contract of an engine in another process, as the window uses it. `gone` where there is none at its address. */
async function connect(engine: RunningEngine): Promise<ConnectedEngine | 'gone' | 'silent'> {
  let became = (_: 'open' | 'gone' | 'silent'): void => {};
  const outcome = new Promise<'open' | 'gone' | 'silent'>((resolve) => {
    became = resolve;
  });
  const patience = setTimeout(() => became('silent'), CONNECT_MS);
  const socket = createWSClient({
    url: `${engine.url}?token=${engine.token}`,
    WebSocket: WebSocket as never,
    onOpen: () => became('open'),
    onClose: () => became('gone'),
    onError: () => became('gone'),
  });
  const state = await outcome;
  clearTimeout(patience);
  if (state === 'open')
    return {
      engine,
      client: createTRPCClient<Router>({ links: [wsLink({ client: socket })] }),
      close: async () => void (await socket.close()),
    };
  // Ends also what is still on its way to be opened, which is not waited for.
  void socket.close();
  return state;
}

/** That its process lives is all that is known of it: what it holds, faults that are on too, is as it was. */
export const silence = ({ pid }: RunningEngine): ArchipelError =>
  new ArchipelError(
    'engine-unreachable',
    `The engine ${pid} runs, but did not answer in ${CONNECT_MS / 1000} s.`,
    'It may be busy: try again. If it stays so, end its process; what it has started ends with it.',
  );

/** Does something with each engine that runs, or with the one of this process number, and leaves them. */
export async function withRunningEngines<Result>(
  pid: number | undefined,
  work: (engines: ReachedEngines) => Promise<Result>,
): Promise<Result> {
  const known = (await runningEngines()).filter((engine) => pid === undefined || engine.pid === pid);
  if (pid !== undefined && known.length === 0)
    throw new ArchipelError(
      'not-found',
      `No engine with the process number ${pid} runs.`,
      'List them with `archipel faults list`.',
    );
  const connected: ConnectedEngine[] = [];
  const silent: RunningEngine[] = [];
  await Promise.all(
    known.map(async (engine) => {
      const reached = await connect(engine);
      if (reached === 'silent') silent.push(engine);
      else if (reached === 'gone') await forgetEngine(engine);
      else connected.push(reached);
    }),
  );
  connected.sort((a, b) => a.engine.startedAtMs - b.engine.startedAtMs);
  try {
    return await work({ connected, silent });
  } finally {
    await Promise.all(connected.map(({ close }) => close()));
  }
}
