import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ArchipelError } from '../../model/error.ts';
import { allocatePort, freePort } from '../ports.ts';
import type {
  HoldLimits,
  LinkFaultSpec,
  LinkFaultState,
  LinkMessage,
  LinkOrder,
  LinkRequest,
  LinkStats,
  Upstream,
} from './protocol.ts';

export interface LinksOptions {
  nodeBinary: string;
  env: Record<string, string>;
  /** The bundled link process. */
  bundleFile: string;
  /** Called with the pid before anything else, so that a guardian knows it. */
  onSpawn?(pid: number): void;
  /** The link process ended without `stop`: no edge works any more. */
  onExit?(reason: string): void;
  /** A few times a second, with the edges that changed. */
  onStats?(edges: Record<string, LinkStats>): void;
  /** A fault came off by itself. */
  onLeaseEnd?(ended: { edgeId: string; faultId: string }): void;
}

/** The process that carries the traffic of every edge, as the host sees it. */
export interface Links {
  pid: number;
  /** Opens the way of an edge to one replica. Callers use the port from now on; they are refused until there is an upstream. */
  openLane(edgeId: string, replica: number): Promise<number>;
  setUpstream(edgeId: string, replica: number, upstream: Upstream | null): Promise<void>;
  /** With limits, connections to a lane wait while it has no upstream, instead of being refused. */
  holdLane(edgeId: string, replica: number, limits: HoldLimits | null): Promise<void>;
  /** Hears of each connection that waits, until the returned function is called. */
  onWanted(listener: (edgeId: string) => void): () => void;
  /** Resolves when a lane has no open connection, or when the time is over. */
  untilUnused(edgeId: string, replica: number, withinMs: number): Promise<void>;
  closeLane(edgeId: string, replica: number): Promise<void>;
  /** The port of a lane, or null when it is not open. */
  portOf(edgeId: string, replica: number): number | null;
  /** Replicas that an edge has lanes to. */
  replicasOf(edgeId: string): number[];
  setFault(edgeId: string, fault: LinkFaultSpec): Promise<void>;
  clearFault(edgeId: string, faultId: string): Promise<void>;
  measureFault(edgeId: string, faultId: string): Promise<LinkFaultState>;
  stats(): Record<string, LinkStats>;
  /** CPU time of the link process, as it told with its newest stats. */
  cpuUs(): number;
  /** Resolves when the process is gone and its ports are free. */
  stop(): Promise<void>;
}

const STOP_DEADLINE_MS = 2000;

export async function startLinks(options: LinksOptions): Promise<Links> {
  const child = spawn(options.nodeBinary, [options.bundleFile], {
    env: options.env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    windowsHide: true,
  });
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const ports = new Map<string, Map<number, number>>();
  const stats: Record<string, LinkStats> = {};
  let cpuUs = 0;
  const wanted = new Set<(edgeId: string) => void>();
  let nextId = 1;
  let stopping = false;
  let started = false;
  let lastWords = '';

  const stderr = child.stderr as Readable;
  stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
  });

  const gone = (reason: string): ArchipelError =>
    new ArchipelError('start-failed', `The link process ${reason}.`, 'Stop the topology and start it again.');

  const exited = new Promise<void>((resolve) => {
    const end = (reason: string): void => {
      for (const { reject } of pending.values()) reject(gone(reason));
      pending.clear();
      for (const lanes of ports.values()) for (const port of lanes.values()) freePort(port);
      ports.clear();
      resolve();
      if (started && !stopping) options.onExit?.(reason);
    };
    // A send to a process that just ended is an error too; its 'close' follows.
    child.on('error', (error) => child.pid === undefined && end(`cannot run: ${error.message}`));
    child.once('exit', (code, signal) => {
      const tell = (): void => end(`ended (${signal ?? `exit code ${code}`})${lastWords && `: ${lastWords.trim()}`}`);
      // Its last words may still be on the way. The child's own 'close' never comes after a disconnect.
      if (stderr.closed) tell();
      else stderr.once('close', tell);
    });
  });

  child.on('message', (message: LinkMessage) => {
    switch (message.type) {
      case 'done':
        pending.get(message.id)?.resolve(message.value);
        pending.delete(message.id);
        return;
      case 'failed':
        pending
          .get(message.id)
          ?.reject(new ArchipelError('internal', message.message, 'Stop the topology and start it again.'));
        pending.delete(message.id);
        return;
      case 'stats':
        cpuUs = message.cpuUs;
        // The last counters of an edge may come after it was closed.
        for (const [edgeId, counted] of Object.entries(message.edges)) if (ports.has(edgeId)) stats[edgeId] = counted;
        options.onStats?.(message.edges);
        return;
      case 'lease-ended':
        options.onLeaseEnd?.(message);
        return;
      case 'wanted':
        for (const listener of wanted) listener(message.edgeId);
    }
  });

  const ask = (what: LinkOrder): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!child.connected) return reject(gone('is gone'));
      const id = nextId;
      nextId += 1;
      pending.set(id, { resolve, reject });
      child.send({ ...what, id } satisfies LinkRequest, (error) => error && reject(gone('is gone')));
    });

  const order = async (what: LinkOrder): Promise<void> => void (await ask(what));

  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  }).catch((cause: unknown) => {
    throw new ArchipelError('start-failed', `"${options.nodeBinary}" cannot be run.`, 'Check ARCHIPEL_NODE.', {
      cause,
    });
  });
  const pid = child.pid as number;
  started = true;
  options.onSpawn?.(pid);

  return {
    pid,
    async openLane(edgeId, replica) {
      const opened = ports.get(edgeId)?.get(replica);
      if (opened !== undefined) return opened;
      const port = await allocatePort();
      const lanes = ports.get(edgeId) ?? new Map<number, number>();
      ports.set(edgeId, lanes.set(replica, port));
      stats[edgeId] ??= { connections: 0, upstreamBytes: 0, downstreamBytes: 0 };
      await order({ type: 'open-lane', edgeId, replica, port });
      return port;
    },
    setUpstream: (edgeId, replica, upstream) => order({ type: 'set-upstream', edgeId, replica, upstream }),
    holdLane: (edgeId, replica, limits) => order({ type: 'hold-lane', edgeId, replica, limits }),
    untilUnused: (edgeId, replica, withinMs) => order({ type: 'await-unused', edgeId, replica, withinMs }),
    onWanted(listener) {
      wanted.add(listener);
      return () => void wanted.delete(listener);
    },
    async closeLane(edgeId, replica) {
      const lanes = ports.get(edgeId);
      const port = lanes?.get(replica);
      if (!lanes || port === undefined) return;
      await order({ type: 'close-lane', edgeId, replica });
      lanes.delete(replica);
      freePort(port);
      if (lanes.size > 0) return;
      ports.delete(edgeId);
      delete stats[edgeId];
    },
    portOf: (edgeId, replica) => ports.get(edgeId)?.get(replica) ?? null,
    replicasOf: (edgeId) => [...(ports.get(edgeId)?.keys() ?? [])],
    setFault: (edgeId, fault) => order({ type: 'set-fault', edgeId, fault }),
    clearFault: (edgeId, faultId) => order({ type: 'clear-fault', edgeId, faultId }),
    measureFault: async (edgeId, faultId) =>
      ((await ask({ type: 'measure-fault', edgeId, faultId })) as LinkFaultState | undefined) ?? {
        on: false,
        measured: null,
      },
    stats: () => ({ ...stats }),
    cpuUs: () => cpuUs,
    async stop() {
      stopping = true;
      if (child.connected) child.disconnect();
      const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      await exited;
      clearTimeout(deadline);
    },
  };
}
