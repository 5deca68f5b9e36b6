import { type ChildProcess, fork } from 'node:child_process';
import type { HostMessage, ProcessFrame, ProcessMessage } from '../process-kit/protocol.ts';
import type { Environment } from './environment.ts';

/** A program of ours that runs: the IPC channel, and calls with their answers. */
export interface NodeProcess {
  child: ChildProcess;
  send(message: HostMessage): void;
  call(name: string, payload: unknown): Promise<unknown>;
  /** Resolves with the program's ports; rejects when the program says that it cannot start. */
  listening: Promise<readonly [number, ...number[]]>;
}

const CALL_TIMEOUT_MS = 5000;

export function spawnNodeProcess(options: {
  environment: Environment;
  bundle: string;
  /** An idle process that has been told to become this program; without one, a process is started. */
  warm?: ChildProcess | null;
  execArgv?: string[];
  onFrame(frame: ProcessFrame): void;
  /** It has started a process, or one that it started has exited. The news may come after its own end. */
  onChild?(pid: number, alive: boolean): void;
  onProblem(message: string): void;
}): NodeProcess {
  const { environment } = options;
  const child =
    options.warm ??
    fork(environment.bundleFile(options.bundle), [], {
      execPath: environment.nodeBinary,
      execArgv: options.execArgv ?? [],
      env: environment.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  // Sending to a process that is about to end is no defect of ours; its exit is what counts.
  child.on('error', () => {});

  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let nextCall = 1;
  let onListening: (ports: readonly [number, ...number[]]) => void = () => {};
  let onFailed: (error: Error) => void = () => {};
  const listening = new Promise<readonly [number, ...number[]]>((resolve, reject) => {
    onListening = resolve;
    onFailed = reject;
  });
  listening.catch(() => {});

  const send = (message: HostMessage): void => {
    if (child.connected) child.send(message, () => {});
  };

  child.on('message', (message: ProcessMessage) => {
    switch (message.type) {
      case 'listening':
        return onListening([message.port, ...(message.morePorts ?? [])]);
      case 'failed':
        onFailed(new Error(message.message));
        return options.onProblem(message.message);
      case 'frame':
        return options.onFrame(message.frame);
      case 'child':
        return options.onChild?.(message.pid, message.alive);
      case 'reply': {
        const call = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.ok) call?.resolve(message.value);
        else call?.reject(new Error(message.message));
      }
    }
  });

  child.on('exit', () => {
    for (const call of waiting.values()) call.reject(new Error('the process ended'));
    waiting.clear();
    onFailed(new Error('the process ended'));
  });

  return {
    child,
    send,
    listening,
    call(name, payload) {
      const id = nextCall++;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`"${name}" was not answered within ${CALL_TIMEOUT_MS} ms`));
        }, CALL_TIMEOUT_MS);
        const settle =
          <T>(done: (value: T) => void) =>
          (value: T): void => {
            clearTimeout(timer);
            done(value);
          };
        waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
        if (!child.connected) waiting.get(id)?.reject(new Error('the process has ended'));
        else send({ type: 'call', id, name, payload });
      });
    },
  };
}
