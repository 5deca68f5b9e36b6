import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../dist/engine/cli.mjs', import.meta.url));

const isPosix = process.platform !== 'win32';

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  /** Of the command, and so of its engine. */
  pid: number;
  /** Resolves with the match once the output holds it. Rejects when the command ends without. */
  output(pattern: RegExp): Promise<RegExpMatchArray>;
  /** To its whole process group, as Ctrl-C at a terminal does. */
  interrupt(signal: NodeJS.Signals): void;
  /** Whether a process of its group lives still. */
  leftSomething(): boolean;
  ended: Promise<Ended>;
}

/** Starts the built command line as its user does. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCli {
  const child = spawn(process.execPath, [cli, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: isPosix,
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
    interrupt: (signal) => void (isPosix ? process.kill(-(child.pid as number), signal) : child.kill(signal)),
    leftSomething() {
      if (!isPosix) return false;
      try {
        process.kill(-(child.pid as number), 0);
        return true;
      } catch {
        return false;
      }
    },
    ended,
  };
}

export const runCli = (...args: string[]): Promise<Ended> => startCli(args).ended;

/** Exit code of an experiment or a comparison that could not be measured truly. */
export const INCONCLUSIVE = 3;
/** How often `conclusive` measures. */
export const MOST_RUNS = 4;

/** A run that the machine disturbed says so, and nothing about what it was to show: it is measured again. */
export async function conclusive(measure: () => Promise<Ended>): Promise<Ended> {
  for (let run = 1; ; run += 1) {
    const ended = await measure();
    if (ended.exitCode !== INCONCLUSIVE || run === MOST_RUNS) return ended;
  }
}

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

/** With an experiment of a second or two: what is wanted of the steady state, and while the greeter is dead. */
export const helloWithExperiment = (steadyMin: number, duringMin: number) => ({
  ...hello,
  scenarios: [
    {
      name: 'busy',
      traffic: [
        {
          executor: 'constant-arrival-rate',
          client: 'callers',
          ratePerSec: 200,
          arrivals: 'uniform',
          routes: [{ path: '/hello' }],
        },
      ],
    },
  ],
  experiments: [
    {
      name: 'kill',
      title: 'Kill the greeter',
      scenario: 'busy',
      warmUpMs: 200,
      steadyStateMs: 1000,
      steadyStateHypothesis: {
        title: 'The greeter answers',
        probes: [{ name: 'many answers', measure: { type: 'throughput' }, tolerance: { min: steadyMin } }],
      },
      method: [{ type: 'fault', fault: 'kill', target: { node: 'greeter' }, durationMs: 1000 }],
      during: [{ name: 'it answers all the same', measure: { type: 'success-ratio' }, tolerance: { min: duringMin } }],
    },
  ],
});
