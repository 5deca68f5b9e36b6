import type { SparseHistogram } from '../metrics/histogram.ts';
import type { Version } from '../model/deploy.ts';
import { type AddressBook, createAddressBook } from './address-book.ts';
import { type Block, blockEventLoop } from './block.ts';
import { beginVersion } from './deployed-version.ts';
import { faultCalls } from './fault-acts.ts';
import { faultHooks } from './fault-hooks.ts';
import type { HostMessage, ProcessFrame, ProcessMessage, TrafficFrame, WiredEdge } from './protocol.ts';
import { sendRequest } from './send-request.ts';
import { tracer } from './tracing.ts';
import { trueNowMs } from './true-clock.ts';

/** What a program measures of itself; the kit adds CPU time, memory and the clock. */
export interface Measured {
  requests: number;
  errors: number;
  inFlight: number;
  handlingMs?: number;
  /** Since the last call. */
  latency: SparseHistogram;
  /** What the processes use that this one has started: cumulative CPU time, and memory now. */
  children?: { cpuUs: number; rssBytes: number };
  calls?: ProcessFrame['calls'];
  counters?: ProcessFrame['counters'];
  gauges?: ProcessFrame['gauges'];
  histograms?: ProcessFrame['histograms'];
  traffic?: TrafficFrame;
  environments?: ProcessFrame['environments'];
}

/** The part of a spawned process that its kind writes. */
export interface Program {
  /**
   * Opens the program's port on 127.0.0.1 and resolves with it; with all of them, where its kind has several doors. Every program
   * answers the health path at the first one.
   */
  listen(): Promise<number | readonly number[]>;
  /** A new config, already validated by the host. */
  configure(config: never): void;
  /** The outgoing edges as they are from now on. */
  wire(edges: WiredEdge[]): void;
  /** Stops accepting work and resolves when nothing is in flight. The kit exits afterwards. */
  drain(): Promise<void>;
  measure(): Measured;
  /** Calls of the host, by name. */
  calls?: Record<string, (payload: never) => unknown>;
}

export interface ProgramStart<Config> {
  nodeId: string;
  replica: number;
  config: Config;
  edges: WiredEdge[];
  version?: Version;
  /** Private to this replica, kept over its restarts. */
  directory?: string;
  /** Where it writes down what it does with messages. */
  journalDirectory?: string;
  /** What paths in the document are relative to; null for a document that is in no file. */
  documentDirectory?: string | null;
  /** A program that starts processes says so in the turn of the spawn: whatever becomes of this one, they are ended. */
  childBegan(pid: number): void;
  childEnded(pid: number): void;
  /** Sends a frame at once, beside the regular ones, e.g. when something has ended. */
  sendFrame(): void;
}

const send = (message: ProcessMessage): void => {
  // Where the owner has gone a moment ago, the news of it is on its way, and ends the process in order.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

/** Calls that every program answers. */
const kitCalls: Record<string, (payload: never) => unknown> = {
  // The reply leaves first: a blocked process says nothing.
  block: (payload: Block) => void setImmediate(() => blockEventLoop(payload)),
  /** Messages come in order: whoever is answered knows that those before were taken in. */
  heard: () => null,
  /** As its own code reads it. */
  'wall-clock': () => Date.now(),
  'send-request': sendRequest,
  ...faultCalls,
};

/**
 * Runs the program of one replica: handshake, frames, calls and the end. The process ends by itself
 * as soon as its owner is gone, whatever it is doing between two turns of the event loop.
 */
export function runProcess<Config>(create: (start: ProgramStart<Config>) => Program): void {
  process.on('disconnect', () => process.exit(0));
  // An interrupt at the terminal reaches the whole group; the host then stops its processes in order.
  process.on('SIGINT', () => {});

  let program: Program | undefined;
  let addresses: AddressBook | undefined;
  let frames: NodeJS.Timeout | undefined;

  const eventLoop = { lateMs: 0, ticks: 0 };

  const sendFrame = (): void => {
    if (!program) return;
    const { children = { cpuUs: 0, rssBytes: 0 }, ...measured } = program.measure();
    const { user, system } = process.cpuUsage();
    const frame: ProcessFrame = {
      atMs: trueNowMs(),
      cpuUs: user + system + children.cpuUs,
      rssBytes: process.memoryUsage.rss() + children.rssBytes,
      eventLoop,
      ...measured,
      tracing: tracer.takeFrame(),
    };
    send({ type: 'frame', frame });
  };

  const stop = async (): Promise<void> => {
    await program?.drain();
    clearInterval(frames);
    sendFrame();
    if (process.connected) process.disconnect();
    process.exit(0);
  };

  process.on('SIGTERM', () => void stop());

  const answer = async (message: HostMessage): Promise<void> => {
    switch (message.type) {
      case 'start': {
        if (message.traceRatio !== undefined) tracer.configure(message.traceRatio);
        beginVersion(message.version);
        const started = create({
          ...{ ...message, config: message.config as Config, sendFrame },
          childBegan: (pid) => send({ type: 'child', pid, alive: true }),
          childEnded: (pid) => send({ type: 'child', pid, alive: false }),
        });
        program = started;
        addresses = createAddressBook(message.edges, (edges) => started.wire(edges));
        faultHooks.addresses = addresses;
        const [port, ...morePorts] = [await program.listen()].flat() as [number, ...number[]];
        let dueMs = performance.now() + message.frameIntervalMs;
        frames = setInterval(() => {
          const nowMs = performance.now();
          eventLoop.lateMs += Math.max(0, nowMs - dueMs);
          eventLoop.ticks += 1;
          dueMs = nowMs + message.frameIntervalMs;
          sendFrame();
        }, message.frameIntervalMs);
        frames.unref();
        send({ type: 'listening', port, ...(morePorts.length > 0 && { morePorts }) });
        return;
      }
      case 'configure':
        program?.configure(message.config as never);
        return;
      case 'trace':
        return tracer.configure(message.ratio);
      case 'recall':
        return tracer.recall(message.traceIds);
      case 'wire':
        addresses?.publish(message.edges);
        return;
      case 'stop':
        return stop();
      case 'call': {
        const reply = kitCalls[message.name] ?? program?.calls?.[message.name];
        if (!reply) throw new Error(`no call "${message.name}"`);
        send({ type: 'reply', id: message.id, ok: true, value: (await reply(message.payload as never)) ?? null });
      }
    }
  };

  process.on('message', (message: HostMessage) => {
    answer(message).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      if (message.type === 'call') send({ type: 'reply', id: message.id, ok: false, message: text });
      else {
        send({ type: 'failed', message: text });
        if (message.type === 'start') process.exitCode = 1;
        if (message.type === 'start') process.disconnect?.();
      }
    });
  });
}
