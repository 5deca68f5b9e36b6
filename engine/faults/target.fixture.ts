import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { healthyHttp } from '../process-kit/health-check.ts';
import type { HostMessage, ProcessMessage } from '../process-kit/protocol.ts';
import type { ProcessTarget } from './inject.ts';

export interface RealTarget extends ProcessTarget {
  lastPort: number;
  /** Set to make the next start fail. */
  failStart: boolean;
  dispose(): Promise<void>;
}

/** A real process, supervised as little as faults need. */
export async function startRealTarget(): Promise<RealTarget> {
  let child: ChildProcess | null = null;
  let calls = 0;

  const send = (message: HostMessage): void => void child?.send(message, () => {});
  const message = (wanted: (message: ProcessMessage) => boolean): Promise<ProcessMessage> =>
    new Promise((resolve, reject) => {
      const current = child as ChildProcess;
      const onMessage = (received: ProcessMessage): void => {
        if (!wanted(received)) return;
        current.off('message', onMessage);
        resolve(received);
      };
      current.on('message', onMessage);
      current.once('exit', () => reject(new Error('the process ended')));
    });

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = child;
    if (!ended) return;
    ended.kill(signal);
    if (ended.exitCode === null && ended.signalCode === null) await once(ended, 'exit');
    child = null;
  };

  const target: RealTarget = {
    nodeId: 'shop',
    replica: 0,
    lastPort: 0,
    port: () => (child ? target.lastPort : null),
    failStart: false,
    pid: () => child?.pid ?? null,
    healthy: (timeoutMs) => healthyHttp(target.lastPort, timeoutMs),
    end: (how) => end(how === 'graceful' ? 'SIGTERM' : 'SIGKILL'),
    requests: () => null,
    impose: () => () => {},
    siblings: () => [],
    leadTo: async () => {},
    async start() {
      if (target.failStart) throw new Error('no memory left');
      child = fork(fileURLToPath(new URL('./program.fixture.ts', import.meta.url)), [], {
        execPath: process.env.ARCHIPEL_NODE ?? process.execPath,
        execArgv: [],
        env: {},
      });
      const started = child;
      // What happens from outside is seen, as a supervisor would.
      started.once('exit', () => {
        if (child === started) child = null;
      });
      const listening = message(({ type }) => type === 'listening');
      send({
        type: 'start',
        nodeId: 'shop',
        replica: 0,
        config: { port: target.lastPort },
        edges: [],
        frameIntervalMs: 1000,
      });
      target.lastPort = ((await listening) as { port: number }).port;
    },
    async call(name, payload) {
      calls += 1;
      const id = calls;
      const reply = message((received) => received.type === 'reply' && received.id === id);
      send({ type: 'call', id, name, payload });
      const answer = (await reply) as { ok: boolean; value?: unknown; message?: string };
      if (!answer.ok) throw new Error(answer.message);
      return answer.value;
    },
    dispose: () => end('SIGKILL'),
  };
  await target.start();
  return target;
}
