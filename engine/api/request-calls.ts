import { catalogue } from '../catalogue.ts';
import { ArchipelError } from '../model/error.ts';
import type { SentRequest } from '../model/request-by-hand.ts';
import type { RequestByHand } from '../process-kit/send-request.ts';
import type { Engine } from './engine.ts';
import type { LiveTopology } from './live-topology.ts';

/** What a process may take beyond the edge's timeout before it is taken not to answer. */
const SLACK_MS = 3000;

/** Requests that somebody sends by hand along an edge of what runs. */
export function createRequestCalls(options: {
  running(): LiveTopology;
  /** What is measured now and must not be disturbed, in words; null: nothing. */
  measured(): string | null;
}): Pick<Engine, 'sendRequest'> {
  return {
    async sendRequest({ edge: edgeId, method, path, headers, body }) {
      const measured = options.measured();
      if (measured)
        throw new ArchipelError(
          'wrong-state',
          `${measured} runs, and a request by hand would be part of what it measures.`,
          'Wait until it has ended, or stop it.',
        );
      const { topology } = options.running();
      const { edges } = topology.document;
      const accepts = (nodeId: string) => {
        const kind = topology.document.nodes.find(({ id }) => id === nodeId)?.kind;
        return catalogue.kinds.find((definition) => definition.kind === kind)?.accepts ?? null;
      };
      const edge = edges.find(({ id }) => id === edgeId);
      const known = edges.filter(({ target }) => accepts(target) === 'http').map(({ id }) => `"${id}"`);
      const others = known.length === 0 ? 'No edge that runs speaks HTTP.' : `Use one of ${known.join(', ')}.`;
      if (!edge) throw new ArchipelError('not-found', `No edge "${edgeId}" runs.`, others);
      const protocol = accepts(edge.target);
      if (protocol !== 'http')
        throw new ArchipelError(
          'wrong-state',
          `"${edge.target}" speaks ${protocol}, and only HTTP requests can be sent by hand.`,
          others,
        );
      const replicas = topology.nodes().find(({ node }) => node.id === edge.source)?.replicas ?? [];
      if (replicas.some(({ options: { launch } }) => launch.type !== 'node'))
        throw new ArchipelError(
          'wrong-state',
          `"${edge.source}" is a program of its own, which sends nothing on request.`,
          `Send to "${edge.target}" along another edge, such as one from a client.`,
        );
      const replica = replicas.find((candidate) => {
        const { state } = candidate.status();
        return state === 'ready' || state === 'degraded';
      });
      if (!replica)
        throw new ArchipelError(
          'wrong-state',
          `No process of "${edge.source}" is ready, from which the request would be sent.`,
          'Take the fault off it, start a replica, or send along another edge.',
        );
      const payload: RequestByHand = { edge: topology.edge(edgeId), method, path, headers, body };
      const waitMs = edge.config.timeoutMs + SLACK_MS;
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () =>
            reject(
              new ArchipelError(
                'wrong-state',
                `The process of "${edge.source}" has not told within ${waitMs} ms what became of the request: it is paused, or its event loop is blocked.`,
                'Take the fault off it, or send along another edge.',
              ),
            ),
          waitMs,
        );
      });
      try {
        return await Promise.race([replica.call('send-request', payload) as Promise<SentRequest>, tooLate]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
