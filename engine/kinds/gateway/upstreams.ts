import type { HashKey, ReplicaWeight } from '../../model/balancing.ts';
import type { Rule } from '../../model/path-rules.ts';
import { createBalancedCaller } from '../../process-kit/balancing/balanced-caller.ts';
import { type Balancer, type BalancerSettings, createBalancer } from '../../process-kit/balancing/balancer.ts';
import type { HttpCaller } from '../../process-kit/http-caller.ts';
import type { WiredEdge } from '../../process-kit/protocol.ts';

export interface GatewayConfig extends Omit<BalancerSettings, 'weightOf'> {
  rules: Rule[];
  weights: ReplicaWeight[];
  hashKey: HashKey;
  stickyCookie: string;
}

/** The outgoing edges of a gateway: for each a balancer, and the caller that does what it says. */
export interface Upstreams {
  get(edgeId: string): Pick<HttpCaller, 'send'> | undefined;
  /** The first, for a gateway without rules. */
  only(): string | undefined;
  wire(edges: readonly WiredEdge[]): void;
  configure(config: GatewayConfig): void;
  gauges(): Record<string, number>;
  counters(): Record<string, number>;
  /** The callers by edge. */
  all(): Iterable<readonly [string, Pick<HttpCaller, 'measure'>]>;
  close(): void;
}

const settingsFor = (edgeId: string, { weights, ...config }: GatewayConfig): BalancerSettings => ({
  ...config,
  weightOf:
    config.balancing === 'weighted'
      ? (replica) =>
          weights.find((entry) => entry.replica === replica && (entry.edge ?? edgeId) === edgeId)?.weight ?? 1
      : undefined,
});

export function createUpstreams(initial: GatewayConfig): Upstreams {
  let config = initial;
  const upstreams = new Map<string, { balancer: Balancer; caller: HttpCaller }>();
  /** Of edges that are gone. */
  let pastEjections = 0;
  const figures = () => [...upstreams.values()].map(({ balancer }) => balancer.figures());
  const sum = (of: (figures: ReturnType<Balancer['figures']>) => number): number =>
    figures().reduce((total, edge) => total + of(edge), 0);

  return {
    get: (edgeId) => upstreams.get(edgeId)?.caller,
    only: () => upstreams.keys().next().value,
    wire(edges) {
      for (const [id, { balancer, caller }] of upstreams) {
        if (edges.some((edge) => edge.id === id)) continue;
        pastEjections += balancer.figures().ejections;
        caller.close();
        upstreams.delete(id);
      }
      for (const edge of edges) {
        const known = upstreams.get(edge.id);
        if (known) {
          known.caller.update(edge);
          continue;
        }
        const balancer = createBalancer(settingsFor(edge.id, config));
        upstreams.set(edge.id, { balancer, caller: createBalancedCaller(edge, balancer) });
      }
    },
    configure(changed) {
      const before = config;
      config = changed;
      if (sameBalancing(before, changed)) return;
      for (const [id, { balancer }] of upstreams) {
        pastEjections += balancer.figures().ejections;
        balancer.configure(settingsFor(id, changed));
      }
    },
    gauges: () => ({
      available: sum(({ available }) => available),
      out: sum(({ replicas, available }) => replicas - available),
      ejected: sum(({ ejected }) => ejected),
      'share-error': Math.max(0, ...figures().map(({ shareError }) => shareError)),
    }),
    counters: () => ({ ejections: pastEjections + sum(({ ejections }) => ejections) }),
    *all() {
      for (const [id, { caller }] of upstreams) yield [id, caller] as const;
    },
    close() {
      for (const { caller } of upstreams.values()) caller.close();
    },
  };
}

/** A new rule must not make the gateway forget whom it has ejected. */
const sameBalancing = (a: GatewayConfig, b: GatewayConfig): boolean =>
  JSON.stringify({ ...a, rules: null, replicas: null }) === JSON.stringify({ ...b, rules: null, replicas: null });
