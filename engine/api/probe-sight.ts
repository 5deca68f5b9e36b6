import { request } from 'node:http';
import { matching } from '../experiments/within-time.ts';
import { sqlServer } from '../faults/sql-server.ts';
import type { Recording } from '../metrics/recording.ts';
import { countsOf } from '../metrics/tally.ts';
import type { HttpLook, HttpSeen, NodeSeen, Picture, ProbeSight, QueueSeen } from '../model/probes/sight.ts';
import { processTarget } from '../runtime/fault-targets.ts';
import type { LiveTopology } from './live-topology.ts';
import type { EngineFrame, MessageResult, NodeStatus, QueueStatus, RunResult } from './types.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const STATEMENT_MS = 5000;

/** What probes see of the engine: they ask, and change nothing. */
export function createProbeSight(options: {
  live(): LiveTopology;
  frame(): EngineFrame;
  recording(): Recording;
  summary(): Pick<RunResult, 'conservation' | 'messages' | 'costs'>;
}): ProbeSight {
  const { live, frame, recording, summary } = options;
  return {
    now: () => Date.now(),
    http: (look) => ask(portFor(live(), look), look),
    async query({ node, sql }) {
      const server = sqlServer(processTarget(live().topology, node, 0, []));
      const text = `begin transaction read only; set local statement_timeout = ${STATEMENT_MS};\n${sql}\n; rollback`;
      return server.query<Record<string, unknown>>({ sql: text, as: 'topology' });
    },
    picture: () => pictureOf(frame()),
    async messages(broker) {
      await live().messages.settle();
      const { nodes } = frame();
      const counted = summary().messages.filter((each) => each.broker === broker);
      return (nodes[broker]?.queues ?? []).map((queue) => queueSeen(queue, counted));
    },
    logs: (node, { fromMs, toMs }) =>
      live()
        .topology.logLines(node)
        .filter(({ atMs, stream }) => stream !== 'engine' && atMs >= fromMs && atMs < toMs),
    costs() {
      const { nodes = {}, breakEven = {} } = summary().costs ?? {};
      return Object.fromEntries(
        Object.entries(nodes).map(([id, { amount }]) => [
          id,
          {
            amount,
            perRequest: breakEven[id]?.perRequest ?? null,
            breakEvenPerSec: breakEven[id]?.ratePerSec ?? null,
          },
        ]),
      );
    },
    traffic() {
      const now = recording();
      return {
        ...countsOf(now.tally()),
        routes: Object.fromEntries(now.routes().map((route) => [route, countsOf(now.tally({ route }))])),
        conservation: summary().conservation,
      };
    },
    matching,
  };
}

/** Beside its callers at the node's own port, or through the link of an edge as its callers go. */
function portFor({ topology }: LiveTopology, { node = '', edge }: HttpLook): number {
  if (edge !== undefined) {
    const [port] = topology.edge(edge).ports;
    if (port !== undefined) return port;
    throw new Error(`the link of ${edge} is not open`);
  }
  const replicas = topology.nodes().find((picture) => picture.node.id === node)?.replicas ?? [];
  const statuses = replicas.map((replica) => replica.status());
  const { port } = statuses.find(({ state }) => state === 'ready') ?? statuses[0] ?? { port: null };
  if (port === null) throw new Error(`${node} has no process that listens`);
  return port;
}

function ask(port: number, { method, path, headers, body, timeoutMs }: HttpLook): Promise<HttpSeen> {
  const beganMs = performance.now();
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (error: Error): void =>
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs} ms`, { cause: error }) : error);
    const sent = request({ host: '127.0.0.1', port, method, path, headers, signal, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
        else sent.destroy(new Error(`the answer is larger than ${MAX_BODY_BYTES} bytes`));
      });
      response.on('error', fail);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: bodyOf(Buffer.concat(chunks).toString('utf8')),
          latencyMs: performance.now() - beganMs,
        }),
      );
    });
    sent.on('error', fail);
    sent.end(body);
  });
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Figures of the newest frame, by the names that metrics have. */
function pictureOf({ nodes, edges, traffic }: EngineFrame): Picture {
  return {
    nodes: Object.fromEntries(Object.values(nodes).map((node) => [node.id, nodeSeen(node)])),
    edges: Object.fromEntries(
      Object.values(edges).map(({ id, shares: _, measures, ...figures }) => [id, { ...measures, ...figures }]),
    ),
    traffic: traffic
      ? {
          ...{ ratePerSec: traffic.window.ratePerSec, okPerSec: traffic.window.okPerSec },
          ...{ failedPerSec: traffic.window.failedPerSec, p50Ms: traffic.window.latencyMs.p50 },
          ...{ p95Ms: traffic.window.latencyMs.p95, p99Ms: traffic.window.latencyMs.p99 },
          ...{ inFlight: traffic.counts.inFlight, issued: traffic.counts.issued, ok: traffic.counts.ok },
          ...{ failed: traffic.counts.failed, dropped: traffic.counts.dropped },
        }
      : {},
  };
}

/** What is now by the frame, what was counted by the run. */
function queueSeen(queue: QueueStatus, counted: readonly MessageResult[]): QueueSeen {
  const { destination, subscription } = queue;
  const ofRun = counted.find((each) => each.destination === destination && each.subscription === subscription);
  const counts = ofRun?.counts ?? queue.counts;
  const named = Object.entries(counts).map(([name, count]): [string, number] => [
    name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    count,
  ]);
  const { depth, unacked, lag, oldestMs, inPerSec, outPerSec } = queue;
  return {
    ...{ destination, subscription },
    figures: {
      ...Object.fromEntries(named),
      ...{ depth, unacked, lag, oldest: oldestMs, 'in-per-sec': inPerSec, 'out-per-sec': outPerSec },
    },
  };
}

function nodeSeen(node: NodeStatus): NodeSeen {
  const { state, replicas, measures } = node;
  return {
    state,
    replicas: replicas.map(({ replica, state: own, pid }) => ({ replica, state: own, pid })),
    figures: {
      ...measures,
      cpu: replicas.reduce((sum, { cpu }) => sum + cpu, 0),
      rssBytes: replicas.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
      replicas: replicas.length,
      ready: replicas.filter((one) => one.state === 'ready').length,
      ...{ requestsPerSec: node.requestsPerSec, errorsPerSec: node.errorsPerSec, p50Ms: node.p50Ms, p99Ms: node.p99Ms },
      ...{ inFlight: node.inFlight, requests: node.requests, errors: node.errors },
      costPerHour: node.costPerHour ?? null,
    },
  };
}
