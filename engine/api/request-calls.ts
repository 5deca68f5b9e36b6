import { catalogue } from '../catalogue.ts';
import type { KindDefinition } from '../model/definition.ts';
import { carriedBetween } from '../model/dialling.ts';
import type { ArchipelEdge } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { publishesAlong } from '../model/graph.ts';
import type { SentMessage } from '../model/message-by-hand.ts';
import type { SentRequest } from '../model/request-by-hand.ts';
import type { RequestByHand } from '../process-kit/send-request.ts';
import { declared } from './declared-destination.ts';
import type { Engine } from './engine.ts';
import type { LiveTopology } from './live-topology.ts';

/** What a process may take beyond the edge's timeout before it is taken not to answer. */
const SLACK_MS = 3000;

/** What somebody does by hand to what runs: sends a request or a message along an edge, sets a group back. */
export function createRequestCalls(options: {
  running(): LiveTopology;
  /** What is measured now and must not be disturbed, in words; null: nothing. */
  measured(): string | null;
}): Pick<Engine, 'sendRequest' | 'sendMessage' | 'rewindGroup'> {
  const refuseWhileMeasured = (what: 'request' | 'message' | 'rewind'): void => {
    const measured = options.measured();
    if (!measured) return;
    const reasons = {
      request: `${measured} runs, and a request by hand would be part of what it measures.`,
      message: `${measured} runs, and a message by hand would be part of what it measures.`,
      rewind: `${measured} runs, and a group that is set back by hand would change what it measures.`,
    };
    throw new ArchipelError('wrong-state', reasons[what], 'Wait until it has ended, or stop it.');
  };

  const kindOf = (nodeId: string): KindDefinition | undefined => {
    const { document } = options.running().topology;
    const kind = document.nodes.find(({ id }) => id === nodeId)?.kind;
    return catalogue.kinds.find((definition) => definition.kind === kind);
  };

  const carried = ({ source, target }: ArchipelEdge) => carriedBetween(kindOf(source), kindOf(target));

  /** A process at the beginning of an edge that can send along it. */
  const senderOf = ({ source, target }: ArchipelEdge, what: 'request' | 'message') => {
    const { topology } = options.running();
    const replicas = topology.nodes().find(({ node }) => node.id === source)?.replicas ?? [];
    if (replicas.some(({ options: { launch } }) => launch.type !== 'node'))
      throw new ArchipelError(
        'wrong-state',
        `"${source}" is a program of its own, which sends nothing on request.`,
        what === 'request'
          ? `Send to "${target}" along another edge, such as one from a client.`
          : `Send to "${target}" along another edge, such as one from a service.`,
      );
    const replica = replicas.find((candidate) => {
      const { state } = candidate.status();
      return state === 'ready' || state === 'degraded';
    });
    if (!replica)
      throw new ArchipelError(
        'wrong-state',
        what === 'request'
          ? `No process of "${source}" is ready, from which the request would be sent.`
          : `No process of "${source}" is ready, from which the message would be sent.`,
        'Take the fault off it, start a replica, or send along another edge.',
      );
    return replica;
  };

  /** What the process answers that sends; an error where it answers nothing in time. */
  const answered = async <Answer>(edge: ArchipelEdge, what: 'request' | 'message', answer: Promise<unknown>) => {
    const waitMs = edge.config.timeoutMs + SLACK_MS;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new ArchipelError(
              'wrong-state',
              what === 'request'
                ? `The process of "${edge.source}" has not told within ${waitMs} ms what became of the request: it is paused, or its event loop is blocked.`
                : `The process of "${edge.source}" has not told within ${waitMs} ms what became of the message: it is paused, or its event loop is blocked.`,
              'Take the fault off it, or send along another edge.',
            ),
          ),
        waitMs,
      );
    });
    try {
      return await Promise.race([answer as Promise<Answer>, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    async rewindGroup(request) {
      refuseWhileMeasured('rewind');
      return options.running().messages.rewind(request);
    },

    async sendRequest({ edge: edgeId, method, path, headers, body }) {
      refuseWhileMeasured('request');
      const { topology } = options.running();
      const { edges } = topology.document;
      const edge = edges.find(({ id }) => id === edgeId);
      const known = edges.filter((other) => carried(other) === 'http').map(({ id }) => `"${id}"`);
      const others = known.length === 0 ? 'No edge that runs speaks HTTP.' : `Use one of ${known.join(', ')}.`;
      if (!edge) throw new ArchipelError('not-found', `No edge "${edgeId}" runs.`, others);
      const protocol = carried(edge);
      if (protocol !== 'http')
        throw new ArchipelError(
          'wrong-state',
          `"${edge.target}" speaks ${protocol}, and only HTTP requests can be sent by hand.`,
          others,
        );
      const replica = senderOf(edge, 'request');
      const payload: RequestByHand = { edge: topology.edge(edgeId), method, path, headers, body };
      return answered<SentRequest>(edge, 'request', replica.call('send-request', payload));
    },

    async sendMessage(message) {
      refuseWhileMeasured('message');
      const { edges, nodes } = options.running().topology.document;
      const edge = edges.find(({ id }) => id === message.edge);
      const publishing = edges.filter((other) => publishesAlong(kindOf(other.source), kindOf(other.target)));
      const known = publishing.map(({ id }) => `"${id}"`);
      const others =
        known.length === 0
          ? 'No edge that runs leads from a service or server to a broker.'
          : `Use one of ${known.join(', ')}.`;
      if (!edge) throw new ArchipelError('not-found', `No edge "${message.edge}" runs.`, others);
      if (!publishing.includes(edge))
        throw new ArchipelError('wrong-state', `Along "${edge.id}" no message can be published by hand.`, others);
      const broker = nodes.find(({ id }) => id === edge.target);
      const destinations = kindOf(edge.target)?.destinations?.(broker?.config as never) ?? [];
      const found = declared(destinations, message.to, edge.target);
      const routed = message.routingKey !== null || Object.keys(message.headers).length > 0;
      if (routed && !found.takes.includes('routing'))
        throw new ArchipelError(
          'wrong-state',
          `"${message.to}" is no exchange: nothing there reads a routing key or headers.`,
          'Leave them out, or publish to an exchange.',
        );
      if (message.priority !== null && !found.takes.includes('priority'))
        throw new ArchipelError(
          'wrong-state',
          `"${message.to}" knows no priority.`,
          'Leave it out, or publish to a queue that does.',
        );
      if (message.delayMs > 0 && !found.takes.includes('delay'))
        throw new ArchipelError(
          'wrong-state',
          `"${message.to}" knows no delay.`,
          'Leave it out, or publish to a queue that does.',
        );
      return answered<SentMessage>(edge, 'message', senderOf(edge, 'message').call('send-message', message));
    },
  };
}
