import { readlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { sendResponse, toRequest } from '../fetch/exchange.ts';
import type { IsolateMessage, IsolateSettings } from './isolate-protocol.ts';

/*
 * A Worker in a V8 isolate of its own, a thread of Node's: for computers where Cloudflare's own runtime is not installed. It answers
 * at a port of its own. Nothing here catches what spins: the thread is ended from outside.
 */

interface WorkerModule {
  default: {
    fetch(request: Request, env: Record<string, string>, context: unknown): Promise<Response>;
  };
}

const say = (message: IsolateMessage): void => parentPort?.postMessage(message);

const context = {
  waitUntil(work: unknown): void {
    void Promise.resolve(work).catch((error: unknown) => console.error(error));
  },
  passThroughOnException(): void {},
  props: {},
};

async function begin({ entry, bindings }: IsolateSettings): Promise<void> {
  const { default: worker } = (await import(entry)) as WorkerModule;
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => {});
    worker
      .fetch(toRequest(incoming), { ...bindings }, context)
      .then((response) => sendResponse(response, outgoing))
      .catch((error: unknown) => {
        console.error(error);
        outgoing.destroy();
      });
  });
  // Whoever asks closes its connections first.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1', () => {
    say({ type: 'ready', port: (server.address() as AddressInfo).port, threadId: nativeThreadId() });
  });
}

/** Its number in the operating system, where that tells threads apart. */
function nativeThreadId(): number | null {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/').pop());
  } catch {
    return null;
  }
}

// A promise that nobody waits for is the user's concern: workerd writes it to the log too.
process.on('unhandledRejection', (error) => console.error(error));

begin(workerData as IsolateSettings).catch((error: unknown) =>
  say({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
);
