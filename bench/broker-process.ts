import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const broker = fileURLToPath(new URL('../dist/engine/broker.cjs', import.meta.url));

export interface BrokerProcess {
  port: number;
  pid: number;
  /** From its start until it takes connections. */
  upMs: number;
  stop(): Promise<void>;
}

/** An embedded server as `archipel broker` starts it. */
export async function startBroker(name: 'redis' | 'rabbitmq' | 'kafka', ...options: string[]): Promise<BrokerProcess> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [broker, 'broker', name, '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = String(await new Promise((resolve) => child.stdout.once('data', resolve)));
  const upMs = performance.now() - startedMs;
  return {
    port: Number(/:(\d+),/.exec(line)?.[1]),
    pid: child.pid as number,
    upMs,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
