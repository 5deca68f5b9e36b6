import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { WebSocket } from 'ws';
import type { Router } from '../engine/api/router.ts';
import { tenNodes } from './ten-nodes.ts';

/** The first line that a process prints, as JSON. */
export const firstLine = (child: ChildProcess): Promise<{ url: string; token: string }> =>
  new Promise((resolve, reject) => {
    if (!child.stdout) throw new Error('its output is not piped');
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    child.once('exit', (code) => reject(new Error(`ended with code ${code} before it said where it answers`)));
  });

/** Starts the ten nodes and their traffic through the contract, as the window does. */
export async function startRun({ url, token }: { url: string; token: string }): Promise<void> {
  const socket = createWSClient({ url: `${url}?token=${token}`, WebSocket: WebSocket as never });
  const client = createTRPCClient<Router>({ links: [wsLink({ client: socket })] });
  const document = tenNodes as never;
  await client.topology.start.mutate({ document });
  await client.traffic.start.mutate({ scenario: tenNodes.scenarios[0] as never, durationMs: null });
  await socket.close();
}
