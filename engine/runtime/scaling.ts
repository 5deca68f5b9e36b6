import type { AutoscalerStatus, RunResult, ScaleEvent, ScalingFigures } from '../api/types.ts';
import type { AutoscalerView } from '../faults/inject.ts';
import { ArchipelError } from '../model/error.ts';
import { autoscalingOf } from '../model/scaling.ts';
import { type Autoscaler, createAutoscaler, type NodeSight } from './autoscaler/autoscaler.ts';
import type { Links } from './links/links.ts';
import type { NodePicture, Topology } from './topology.ts';

const TICK_MS = 100;
/** Frames come every 200 ms: what failed while something changed is told after this. */
const TOLD_AFTER_MS = 400;
const MAX_EVENTS = 1_000;

export interface ScaleRequest {
  node: string;
  replicas: number;
  by: ScaleEvent['by'];
  reason: string;
}

/** How many replicas the nodes of a running topology have: by hand, and as their autoscalers decide. */
export interface Scaling {
  /** Resolves when the node has so many replicas that take requests, and no others. */
  scale(request: ScaleRequest): Promise<void>;
  /** Remembers how a change of the document changes the number of replicas. */
  during(change: () => Promise<void>): Promise<void>;
  status(nodeId: string): AutoscalerStatus | null;
  /** What proofs look at. Null of a node without an autoscaler. */
  view(nodeId: string): AutoscalerView | null;
  /** The autoscaler of this node changes nothing, and wakes nobody up, until this is called with null. */
  hold(nodeId: string, reason: string | null): void;
  /** Of what began in a stretch of time, by node. */
  figures(range: { fromMs: number; toMs: number }): RunResult['scaling'];
  stop(): void;
}

export function createScaling(options: {
  topology: Topology;
  links: Links;
  /** What is known of a node's load now. */
  sight(nodeId: string): Pick<NodeSight, 'load' | 'requests' | 'inFlight'>;
  /** Calls to a node that failed so far, as its callers counted them. */
  failedCallsTo(nodeId: string): number;
  /** How many replicas of a node fit at most, and why; without it, any number. */
  ceilingOf?(nodeId: string): NodeSight['ceiling'];
  onChange(): void;
}): Scaling {
  const { topology } = options;
  const autoscalers = new Map<string, Autoscaler>();
  const events = new Map<string, ScaleEvent[]>();
  /** By node, what holds its autoscaler; and the edge on which a connection waited for it meanwhile. */
  const holds = new Map<string, { reason: string; wantedBy: string | null }>();

  const pictureOf = (nodeId: string): NodePicture | undefined =>
    topology.nodes().find(({ node }) => node.id === nodeId);

  const remember = (nodeId: string, event: ScaleEvent): void => {
    const ofNode = events.get(nodeId) ?? [];
    events.set(nodeId, ofNode);
    ofNode.push(event);
    if (ofNode.length > MAX_EVENTS) ofNode.shift();
  };

  const tellFailedCalls = (event: ScaleEvent, nodeId: string, before: number): void => {
    const tell = setTimeout(() => {
      event.failedCalls = options.failedCallsTo(nodeId) - before;
      options.onChange();
    }, TOLD_AFTER_MS);
    tell.unref();
  };

  const carryOut = async ({ node, replicas, by, reason }: ScaleRequest): Promise<void> => {
    const from = pictureOf(node)?.desired ?? 0;
    const event: ScaleEvent = {
      ...{ atMs: Date.now(), from, to: replicas, by, reason },
      ...{ doneAtMs: null, failedCalls: null, error: null },
    };
    if (from !== replicas) remember(node, event);
    const failedBefore = options.failedCallsTo(node);
    try {
      await topology.scale(node, replicas);
      event.doneAtMs = Date.now();
    } catch (error) {
      event.error = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      tellFailedCalls(event, node, failedBefore);
    }
  };

  /** What fails is in the events and in the state of the node; an autoscaler tries again at its next sync. */
  const carryOutAlone = (request: ScaleRequest): void => void carryOut(request).catch(() => {});

  const autoscalerOf = ({ node }: NodePicture): Autoscaler | null => {
    if (!autoscalingOf(node.config)) {
      autoscalers.delete(node.id);
      return null;
    }
    const known = autoscalers.get(node.id);
    if (known) return known;
    let last = autoscalingOf(node.config);
    const created = createAutoscaler(
      () => {
        last = autoscalingOf(pictureOf(node.id)?.node.config ?? {}) ?? last;
        return last as NonNullable<typeof last>;
      },
      () => holds.get(node.id)?.reason ?? null,
    );
    autoscalers.set(node.id, created);
    return created;
  };

  const tick = setInterval(() => {
    if (topology.state !== 'running') return;
    const nowMs = Date.now();
    for (const picture of topology.nodes()) {
      const autoscaler = autoscalerOf(picture);
      if (!autoscaler?.isDue(nowMs)) continue;
      const { node, desired, members, deploying } = picture;
      const ceiling = options.ceilingOf?.(node.id) ?? null;
      const wanted = autoscaler.sync({ nowMs, desired, members, deploying, ceiling, ...options.sight(node.id) });
      if (wanted) carryOutAlone({ node: node.id, ...wanted, by: 'autoscaler' });
    }
  }, TICK_MS);
  tick.unref();

  const wakeUp = ({ node, desired }: NodePicture, edgeId: string): void => {
    if (desired === 0)
      carryOutAlone({ node: node.id, replicas: 1, by: 'wake-up', reason: `a connection waits on ${edgeId}` });
  };

  const forgetWanted = options.links.onWanted((edgeId) => {
    const edge = topology.dialled().edges.find(({ id }) => id === edgeId);
    const picture = edge && pictureOf(edge.target);
    if (!picture || topology.state !== 'running') return;
    autoscalerOf(picture)?.wanted(Date.now());
    const held = holds.get(picture.node.id);
    if (held) held.wantedBy = edgeId;
    else wakeUp(picture, edgeId);
  });

  const figuresOf = (nodeId: string, range: { fromMs: number; toMs: number }): ScalingFigures => {
    const within = (events.get(nodeId) ?? []).filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs);
    return {
      events: within.map((event) => ({ ...event })),
      timeToScaleMs: null,
      unfinished: 0,
      overshoot: null,
      flaps: 0,
      ...autoscalers.get(nodeId)?.lag(range),
      failedCalls: within.reduce((sum, { failedCalls }) => sum + (failedCalls ?? 0), 0),
    };
  };

  return {
    async scale(request) {
      const picture = pictureOf(request.node);
      if (picture && autoscalingOf(picture.node.config))
        throw new ArchipelError(
          'wrong-state',
          `"${request.node}" is scaled by its autoscaler`,
          'Change the limits of its autoscaling, or turn it off.',
        );
      if (picture?.deploying)
        throw new ArchipelError(
          'wrong-state',
          `a deploy of "${request.node}" is under way`,
          'Wait until it is over, or roll it back.',
        );
      const ceiling = options.ceilingOf?.(request.node) ?? null;
      if (ceiling && request.replicas > ceiling.replicas)
        throw new ArchipelError(
          'wrong-state',
          `"${request.node}" cannot have ${request.replicas} replicas: ${ceiling.reason}`,
          'Give the group more slots, take replicas away, or move a node elsewhere.',
        );
      await carryOut(request);
    },
    async during(change) {
      const atMs = Date.now();
      const before = new Map(topology.nodes().map(({ node, desired }) => [node.id, desired]));
      const failed = new Map([...before.keys()].map((nodeId) => [nodeId, options.failedCallsTo(nodeId)]));
      await change();
      for (const { node, desired } of topology.nodes()) {
        const from = before.get(node.id);
        if (from === undefined || from === desired) continue;
        const event: ScaleEvent = {
          ...{ atMs, from, to: desired, by: 'user', reason: 'the document says so' },
          ...{ doneAtMs: Date.now(), failedCalls: null, error: null },
        };
        remember(node.id, event);
        tellFailedCalls(event, node.id, failed.get(node.id) ?? 0);
      }
    },
    status(nodeId) {
      const autoscaler = autoscalers.get(nodeId);
      if (!autoscaler) return null;
      const { events: _, ...figures } = figuresOf(nodeId, { fromMs: 0, toMs: Number.POSITIVE_INFINITY });
      return { ...autoscaler.status(), figures };
    },
    view(nodeId) {
      const picture = pictureOf(nodeId);
      const autoscaler = picture && autoscalerOf(picture);
      const config = picture && autoscalingOf(picture.node.config);
      if (!autoscaler || !config) return null;
      const { heldBy } = autoscaler.status();
      return { ...autoscaler.counts(), heldBy, syncPeriodMs: config.syncPeriodMs, desired: picture.desired };
    },
    hold(nodeId, reason) {
      const before = holds.get(nodeId);
      if (reason !== null) holds.set(nodeId, { reason, wantedBy: before?.wantedBy ?? null });
      else {
        holds.delete(nodeId);
        const picture = pictureOf(nodeId);
        if (picture && before?.wantedBy && topology.state === 'running') wakeUp(picture, before.wantedBy);
      }
      options.onChange();
    },
    figures: (range) =>
      Object.fromEntries(
        [...new Set([...events.keys(), ...autoscalers.keys()])].map((nodeId) => [nodeId, figuresOf(nodeId, range)]),
      ),
    stop() {
      clearInterval(tick);
      forgetWanted();
    },
  };
}
