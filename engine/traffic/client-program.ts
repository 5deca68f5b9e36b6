import { createHistogram, record, reset, toSparse } from '../metrics/histogram.ts';
import { createCallCounters } from '../process-kit/call-counters.ts';
import { createPreciseTimer, type PreciseTimer } from '../process-kit/precise-timer.ts';
import type { StartTraffic, TrafficFrame, WiredEdge } from '../process-kit/protocol.ts';
import type { Program, ProgramStart } from '../process-kit/run-process.ts';
import { trafficHooks } from '../process-kit/traffic-hooks.ts';
import { createEdgePool, type EdgePool } from './edge-pool.ts';
import { openHealthPort } from './health-port.ts';
import { noArrivals } from './recorded-arrivals.ts';
import { startTraffic, type Traffic } from './traffic.ts';

interface ClientConfig {
  maxQueued: number;
}

/** What an edge would do that is not there: nothing is ever sent along it. */
const unwiredConfig = { timeoutMs: 2000, maxConnections: 1, keepAlive: true, propagateDeadline: false };

/** The client: sends the traffic of scenarios, and records what comes back. */
export function createClientProgram(start: ProgramStart<ClientConfig>): Program {
  let { config } = start;
  let wired = new Map(start.edges.map((edge) => [edge.id, edge]));
  const pools = new Map<string, ReturnType<typeof createEdgePool>>();
  /** Those whose last frame is not sent yet, the one whose turn it is first. */
  let traffics: Traffic[] = [];
  let newest: Traffic | undefined;
  const recorded = new Map<string, Traffic['recorded']>();
  let timer: PreciseTimer | undefined;
  const latency = createHistogram();
  const calls = createCallCounters();
  let requests = 0;
  let errors = 0;

  /** An edge that is not wired has no port: a request along it is refused. */
  const edgeOf = (id: string): WiredEdge =>
    wired.get(id) ?? { id, targetId: id, protocol: 'http', config: unwiredConfig, ports: [] };

  function poolOf(id: string): EdgePool {
    let pool = pools.get(id);
    if (!pool) {
      pool = createEdgePool({
        edge: edgeOf(id),
        maxQueued: () => config.maxQueued,
        onAwake: (nowMs) => timer?.poll(nowMs),
      });
      pools.set(id, pool);
    }
    return pool;
  }

  /** A frame holds one traffic. Where there are several, each gets its own, one right after the other. */
  function takeTrafficFrame(): TrafficFrame | undefined {
    const traffic = traffics.shift();
    if (!traffic) return undefined;
    const frame = traffic.takeFrame();
    if (!frame.done) traffics.push(traffic);
    return frame;
  }

  trafficHooks.edges = () => [...wired.values()];
  trafficHooks.spikesChanged = () => {
    for (const traffic of traffics) traffic.followSpikes();
  };

  const inFlight = (): number => traffics.reduce((sum, traffic) => sum + traffic.inFlight(), 0);
  let framesLeft = 0;

  return {
    async listen() {
      return (await openHealthPort()).port;
    },
    configure(changed: ClientConfig) {
      config = changed;
    },
    wire(edges) {
      wired = new Map(edges.map((edge) => [edge.id, edge]));
      for (const [id, pool] of pools) pool.rewire(edgeOf(id));
    },
    async drain() {
      for (const traffic of traffics) traffic.stop();
      await Promise.all(traffics.map((traffic) => traffic.over));
      timer?.close();
      for (const pool of pools.values()) pool.close();
    },
    measure() {
      if (framesLeft === 0) framesLeft = traffics.length;
      const measured = {
        requests,
        errors,
        inFlight: inFlight(),
        latency: toSparse(latency),
        calls: calls.read(pools),
        traffic: takeTrafficFrame(),
      };
      reset(latency);
      framesLeft = Math.max(0, framesLeft - 1);
      if (framesLeft > 0) setImmediate(start.sendFrame);
      return measured;
    },
    calls: {
      'start-traffic'(payload: StartTraffic) {
        if (traffics.some(({ id }) => id === payload.trafficId))
          throw new Error(`traffic "${payload.trafficId}" runs already`);
        timer ??= createPreciseTimer();
        // What nobody fetched of an earlier run goes.
        if (traffics.length === 0) recorded.clear();
        const traffic = startTraffic({
          start: payload,
          timer,
          pool: poolOf,
          hostOf: (edge) => edgeOf(edge).targetId,
          onSettled(edge, latencyMs, answerMs) {
            calls.ended(edge, latencyMs === null, answerMs);
            requests += 1;
            if (latencyMs === null) errors += 1;
            else record(latency, latencyMs);
          },
          onOver() {
            // Its last frame goes first.
            traffics = [traffic, ...traffics.filter((other) => other !== traffic)];
            start.sendFrame();
          },
        });
        traffics.push(traffic);
        newest = traffic;
        if (payload.recordArrivals) recorded.set(payload.trafficId, traffic.recorded);
      },
      'stop-traffic'({ trafficId }: { trafficId: string }) {
        traffics.find(({ id }) => id === trafficId)?.stop();
      },
      /** How exactly the arrivals of the newest traffic kept their times. */
      'arrival-lateness': () => newest?.lateness() ?? null,
      /** Hands out what was kept of a traffic, once. */
      'recorded-arrivals'({ trafficId }: { trafficId: string }) {
        const arrivals = recorded.get(trafficId)?.() ?? noArrivals;
        recorded.delete(trafficId);
        return arrivals;
      },
    },
  };
}
