import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { WebSocket } from 'ws';
import { documentOf, edge, node, route } from '../engine/api/fixtures.ts';
import type { Router } from '../engine/api/router.ts';
import { median } from './figures.ts';

const SERVICES = 49;
const RATE_PER_SEC = 490;
const ROUNDS = 5;
const ROUND_MS = 5000;
const WARM_UP_MS = 5000;

/** A client and 49 services that it asks in turn: fifty processes that send frames, and spans of every hundredth request. */
const document = documentOf({
  nodes: [
    node('client', 'client'),
    ...Array.from({ length: SERVICES }, (_, i) => node(`service-${i}`, 'service', { routes: [route('/work')] })),
  ],
  edges: Array.from({ length: SERVICES }, (_, i) => edge('client', `service-${i}`)),
  scenarios: [
    {
      name: 'steady',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'client',
          ratePerSec: RATE_PER_SEC,
          routes: Array.from({ length: SERVICES }, (_, i) => ({ path: '/work', edge: `client-service-${i}` })),
        },
      ],
    },
  ],
});

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The engine in a process of its own, as the desktop starts it, and the contract as the window speaks it. */
async function startHost() {
  const host = spawn(process.execPath, [fileURLToPath(new URL('../dist/engine/host.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ARCHIPEL_OWNER: 'stdin' },
  });
  const exited = new Promise((resolve) => host.once('exit', resolve));
  const { url, httpUrl, token } = await new Promise<{ url: string; httpUrl: string; token: string }>(
    (resolve, reject) => {
      host.stdout.once('data', (line) => resolve(JSON.parse(String(line))));
      host.once('exit', () => reject(new Error('the engine host ended')));
    },
  );
  const socket = createWSClient({ url: `${url}?token=${token}`, WebSocket: WebSocket as never });
  return {
    contract: createTRPCClient<Router>({ links: [wsLink({ client: socket })] }),
    /** Of the host alone, without what it started. */
    async cpuSec(): Promise<number> {
      const text = await (await fetch(`${httpUrl}/metrics?token=${token}`)).text();
      return Number(/^process_cpu_seconds_total (\S+)$/m.exec(text)?.[1]);
    },
    async stop(): Promise<void> {
      await socket.close();
      host.stdin.write('stop\n');
      await exited;
    },
  };
}

/** What fifty processes with metrics and tracing cost the engine that collects from them: without a window, and with one. */
export default async function hostCost() {
  const host = await startHost();
  const share = async (): Promise<number> => {
    const [fromMs, fromSec] = [performance.now(), await host.cpuSec()];
    await sleep(ROUND_MS);
    return ((await host.cpuSec()) - fromSec) / ((performance.now() - fromMs) / 1000);
  };
  const alone: number[] = [];
  const watched: number[] = [];
  try {
    await host.contract.topology.start.mutate({ document });
    await host.contract.traffic.start.mutate({ scenario: document.scenarios[0] as never, durationMs: null });
    await sleep(WARM_UP_MS);
    for (let round = 0; round < ROUNDS; round += 1) {
      alone.push(await share());
      const window = host.contract.frames.subscribe(undefined, { onData() {} });
      watched.push(await share());
      window.unsubscribe();
    }
    const { status } = await host.contract.traces.list.query({});
    if (status.spans === 0) throw new Error('nothing was traced');
  } finally {
    await host.stop();
  }
  const value = median(alone);
  const percent = (shares: number[]): string => `${(median(shares) * 100).toFixed(1)} %`;
  return {
    name: 'host-cost',
    results: [
      {
        metric: `share of a core that ${SERVICES + 1} processes with metrics and tracing cost the engine`,
        value: Number(value.toFixed(4)),
        limit: 0.06,
        comparison: '<=' as const,
        holds: value <= 0.06,
        detail: `median of ${ROUNDS} rounds of ${ROUND_MS / 1000} s at ${RATE_PER_SEC} requests/s; while a window follows its frames ${percent(watched)}`,
      },
    ],
  };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(await hostCost(), null, 2));
