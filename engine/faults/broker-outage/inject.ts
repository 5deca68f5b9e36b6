import { ArchipelError } from '../../model/error.ts';
import type { InjectedFault, Injector, Measurement, NodeTarget } from '../inject.ts';
import { injectRefuse } from '../refuse/inject.ts';
import { untilAborted } from '../until-aborted.ts';

/** A broker that nobody reaches: the fault `refuse`, with its proofs, on every edge that is dialled to it. */
export const injectBrokerOutage: Injector<NodeTarget, Record<string, never>> = async (target, _, options) => {
  const edges = target.edges();
  if (edges.length === 0)
    throw new ArchipelError(
      'fault-impossible',
      `"${target.nodeId}" has no edge, so nobody would notice that it cannot be reached.`,
      'Connect it to a publisher or a consumer.',
    );
  const ended = new AbortController();
  const on: { edgeId: string; fault: InjectedFault }[] = [];
  try {
    for (const edge of edges)
      on.push({
        edgeId: edge.edgeId,
        fault: await injectRefuse(
          edge,
          { resetOpen: true },
          {
            ...options,
            id: `${options.id}/${edge.edgeId}`,
            signal: ended.signal,
          },
        ),
      });
  } catch (error) {
    ended.abort();
    await Promise.allSettled(on.map(({ fault }) => fault.undone));
    throw error;
  }

  const prove = async (look: (fault: InjectedFault) => Promise<Measurement>): Promise<Measurement> => {
    const measured = await Promise.all(on.map(async ({ edgeId, fault }) => ({ edgeId, ...(await look(fault)) })));
    return {
      holds: measured.every(({ holds }) => holds),
      evidence: measured.map(({ edgeId, evidence }) => `${edgeId}: ${evidence}`).join('; '),
    };
  };

  return {
    proveEffect: () => prove((fault) => fault.proveEffect()),
    proveRemoval: () => prove((fault) => fault.proveRemoval()),
    undone: untilAborted(options.signal).then(async () => {
      ended.abort();
      await Promise.all(on.map(({ fault }) => fault.undone));
    }),
    async renew(untilMs) {
      await Promise.all(on.map(({ fault }) => fault.renew?.(untilMs)));
    },
  };
};
