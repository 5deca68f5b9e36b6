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

const CONNECT_MS = 3000;

/** The contract of an engine in another process, as the window uses it. Null when nobody answers there. */
async function connect(engine: RunningEngine): Promise<ConnectedEngine | null> {
  let opened = (): void => {};
  const open = new Promise<boolean>((resolve) => {
    opened = () => resolve(true);
    setTimeout(() => resolve(false), CONNECT_MS).unref();
  });
  let refused = (): void => {};
  const lost = new Promise<boolean>((resolve) => {
    refused = () => resolve(false);
  });
  const socket = createWSClient({
    url: `${engine.url}?token=${engine.token}`,
    WebSocket: WebSocket as never,
    onOpen: () => opened(),
    onClose: () => refused(),
    onError: () => refused(),
  });
  if (await Promise.race([open, lost]))
    return {
      engine,
      client: createTRPCClient<Router>({ links: [wsLink({ client: socket })] }),
      close: async () => void (await socket.close()),
    };
  await socket.close();
  return null;
}

/** Does something with each engine that runs, or with the one of this process number, and leaves them. */
export async function withRunningEngines<Result>(
  pid: number | undefined,
  work: (engines: ConnectedEngine[]) => Promise<Result>,
): Promise<Result> {
  const known = (await runningEngines()).filter((engine) => pid === undefined || engine.pid === pid);
  if (pid !== undefined && known.length === 0)
    throw new ArchipelError(
      'not-found',
      `No engine with the process number ${pid} runs.`,
      'List them with `archipel faults list`.',
    );
  const connected: ConnectedEngine[] = [];
  for (const engine of known) {
    const reached = await connect(engine);
    if (reached) connected.push(reached);
    else await forgetEngine(engine);
  }
  try {
    return await work(connected);
  } finally {
    await Promise.all(connected.map(({ close }) => close()));
  }
}
