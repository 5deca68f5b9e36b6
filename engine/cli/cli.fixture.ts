import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/engine/cli.mjs', import.meta.url));

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  pid: number;
  /** Resolves with the match once the output holds it. Rejects when the command ends without. */
  output(pattern: RegExp): Promise<RegExpMatchArray>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** Starts the built command line as its user does. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCli {
  const child = spawn(process.execPath, [cli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  let stdout = '';
  let stderr = '';
  let look = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    look();
  });
  const ended = once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stdout, stderr }));
  return {
    pid: child.pid as number,
    output: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          const match = (stdout + stderr).match(pattern);
          if (match) resolve(match);
        };
        look();
        void ended.then(() => reject(new Error(`ended without ${pattern}:\n${stdout}${stderr}`)));
      }),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

export const runCli = (...args: string[]): Promise<Ended> => startCli(args).ended;

/** A client and a service that answers at once: starts in a moment, without a database. */
export const hello = {
  format: 1,
  name: 'Hello',
  nodes: [
    { id: 'callers', kind: 'client', name: 'Callers', position: { x: 0, y: 0 } },
    {
      id: 'greeter',
      kind: 'service',
      name: 'Greeter',
      position: { x: 300, y: 0 },
      config: { routes: [{ path: '/hello' }] },
    },
  ],
  edges: [{ id: 'callers-greeter', source: 'callers', target: 'greeter' }],
  scenarios: [
    {
      name: 'calm',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'callers',
          ratePerSec: 40,
          routes: [{ path: '/hello' }, { path: '/nowhere' }],
        },
      ],
    },
  ],
};
