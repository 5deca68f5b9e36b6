import { startAddedRoundTrip, type Ways } from '../runtime/links/added-round-trip.ts';
import type { Links } from '../runtime/links/links.ts';
import type { Traces, TracingTotals } from '../traces/traces.ts';
import type { LiveTopology } from './live-topology.ts';
import type { RunOverhead } from './types.ts';

/** The probes themselves cost the engine some 0.2 % of a core. */
const PAIR_INTERVAL_MS = 1000;

/** Measures what links, tracing and the engine itself cost, from now on. */
export function startOverheadMeter(options: {
  live: LiveTopology;
  links: Links;
  traces: Pick<Traces, 'totals' | 'status'>;
}): { read(): RunOverhead; stop(): void } {
  const { live, links, traces } = options;
  const fromMs = performance.now();
  const before = { tracing: traces.totals(), linksUs: links.cpuUs(), engine: process.cpuUsage() };
  const roundTrip = startAddedRoundTrip({ ways: () => waysOf(live, links), intervalMs: PAIR_INTERVAL_MS });
  let result: RunOverhead | null = null;

  const read = (): RunOverhead => {
    if (result) return result;
    const elapsedUs = (performance.now() - fromMs) * 1000;
    const tracing = traces.totals();
    const engine = process.cpuUsage(before.engine);
    const grown = (name: keyof TracingTotals): number => tracing[name] - before.tracing[name];
    return {
      links: { ...roundTrip.result(), cpu: (links.cpuUs() - before.linksUs) / elapsedUs },
      tracing: {
        ratio: traces.status().settings.ratio,
        spans: grown('spans'),
        dropped: grown('dropped'),
        cpu: grown('costUs') / elapsedUs,
      },
      engine: { cpu: (engine.user + engine.system) / elapsedUs },
    };
  };

  return {
    read,
    stop() {
      roundTrip.stop();
      result = read();
    },
  };
}

/** Links to ready processes of ours, and that no fault acts on. */
function waysOf({ topology, faults }: LiveTopology, links: Links): Ways[] {
  const disturbed = faults.list().some(({ state, target }) => state !== 'off' && !('node' in target));
  if (disturbed) return [];
  const replicas = new Map(topology.nodes().map(({ node, replicas: all }) => [node.id, all]));
  return topology.document.edges.flatMap(({ id, target }) =>
    (replicas.get(target) ?? []).flatMap((replica) => {
      const { state, port, replica: index } = replica.status();
      const throughPort = links.portOf(id, index);
      const isOurs = replica.options.launch.type === 'node';
      return isOurs && state === 'ready' && port !== null && throughPort !== null
        ? [{ protocol: topology.edge(id).protocol, throughPort, directPort: port }]
        : [];
    }),
  );
}
