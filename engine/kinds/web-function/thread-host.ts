import { Worker } from 'node:worker_threads';
import type { IsolateMessage, IsolateSettings } from '../../wire/workers/isolate-protocol.ts';
import type { Host } from './host.ts';
import { threadCpuUs } from './process-usage.ts';

const MB = 1024 * 1024;

/** A V8 isolate of Node's in this process: a thread. `script` is the program of engine/wire/workers/isolate.ts. */
export function createThreadHost(script: string, settings: () => IsolateSettings, memoryMb: number): Host {
  let worker: Worker | null = null;
  let port = 0;
  let threadId: number | null = null;
  let lastCpuUs = 0;
  let heapBytes = 0;
  let whyEnded = 'the isolate was ended';
  let onGone: (how: string) => void = () => {};
  const gone = new Promise<string>((resolve) => {
    onGone = resolve;
  });

  const cpuUs = (): number => {
    if (worker === null) return lastCpuUs;
    // Where the operating system does not tell of threads: the time in which its event loop was busy, at least as long.
    const now =
      threadId === null
        ? worker.performance.eventLoopUtilization().active * 1000
        : (threadCpuUs(threadId) ?? lastCpuUs);
    lastCpuUs = Math.max(lastCpuUs, now);
    return lastCpuUs;
  };

  return {
    get pid() {
      return worker === null ? null : process.pid;
    },
    get port() {
      return port;
    },
    start: (timeoutMs) =>
      new Promise((resolve) => {
        let failure: string | null = null;
        const started = new Worker(script, {
          workerData: settings(),
          env: {},
          resourceLimits: { maxOldGenerationSizeMb: memoryMb },
        });
        worker = started;
        const late = setTimeout(() => {
          failure = `it did not load within ${timeoutMs} ms`;
          void started.terminate();
        }, timeoutMs);
        started.on('message', (message: IsolateMessage) => {
          if (message.type === 'failed') {
            failure = message.message;
            void started.terminate();
            return;
          }
          ({ port, threadId } = message);
          clearTimeout(late);
          resolve(null);
        });
        started.on('error', (error: NodeJS.ErrnoException) => {
          const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
          whyEnded = isMemory ? `it used more than ${memoryMb} MB` : String(error.stack);
          // Its code runs no more, though what it held takes time to be given back.
          onGone(failure ?? whyEnded);
        });
        started.on('exit', () => {
          cpuUs();
          worker = null;
          clearTimeout(late);
          resolve(failure ?? whyEnded);
          onGone(failure ?? whyEnded);
        });
      }),
    cpuUs,
    residentBytes() {
      // A thread has no memory of its own in the operating system. Node tells of its heap since 22.16.
      const asking = worker as (Worker & { getHeapStatistics?(): Promise<{ total_physical_size: number }> }) | null;
      asking?.getHeapStatistics?.().then(
        ({ total_physical_size }) => {
          heapBytes = total_physical_size;
        },
        () => {},
      );
      return worker === null ? 0 : Math.min(heapBytes, memoryMb * 2 * MB);
    },
    async shutDown() {
      if (worker === null) return;
      await worker.terminate();
      await gone;
    },
    kill: () => void worker?.terminate(),
    gone,
  };
}
