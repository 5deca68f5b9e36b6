import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { replicaCount, replicaCounting } from '../model/replica-count.ts';
import type { Engine } from './engine.ts';
import type { LiveTopology } from './live-topology.ts';
import type { ScaleEvent } from './types.ts';

/** Changes to a running node that are not edits of its document. */
export type ChangeCalls = Pick<Engine, 'scaleNode' | 'deploy' | 'rollBack'> & {
  scale(request: { node: string; replicas: number; by: ScaleEvent['by'] }): Promise<void>;
};

export function createChangeCalls({
  running,
  checked,
  attempt,
}: {
  running(): LiveTopology;
  /** Throws unless the topology of this document may run. */
  checked(document: ArchipelDocument): ArchipelDocument;
  attempt(what: string, change: () => Promise<void>): Promise<void>;
}): ChangeCalls {
  /** All processes of a node that its document would count if it said so many replicas; throws where they may not run. */
  const processesFor = (nodeId: string, replicas: number): number => {
    const { document } = running().topology;
    const node = document.nodes.find(({ id }) => id === nodeId);
    const definition = catalogue.kinds.find(({ kind }) => kind === node?.kind);
    if (!node) throw new ArchipelError('not-found', `no node "${nodeId}" runs`, 'Name a node of the running document.');
    const { field } = replicaCounting(definition);
    if (!(field in node.config))
      throw new ArchipelError(
        'wrong-state',
        `"${nodeId}" is a ${node.kind}, which always runs as one process`,
        'Scale a node that has replicas.',
      );
    const scaled = { ...node, config: { ...node.config, [field]: replicas } };
    const valid = checked({ ...document, nodes: document.nodes.map((other) => (other === node ? scaled : other)) });
    return replicaCount(definition, valid.nodes.find(({ id }) => id === nodeId)?.config ?? {});
  };

  const scale: ChangeCalls['scale'] = async ({ node, replicas, by }) =>
    running().scaling.scale({ node, replicas: processesFor(node, replicas), by, reason: 'by hand' });

  const statusOf = (node: string) => {
    const status = running().nodes()[node]?.deploy;
    if (!status) throw new ArchipelError('wrong-state', `nothing was deployed to "${node}"`, 'Deploy a version first.');
    return status;
  };

  return {
    scale,
    scaleNode: ({ node, replicas }) => attempt('scale node', () => scale({ node, replicas, by: 'user' })),
    async deploy(request) {
      const { done } = running().deploys.start(request);
      if (request.wait) await done;
      return statusOf(request.node);
    },
    async rollBack({ node }) {
      await attempt('roll back', () =>
        running().deploys.rollBack({ node, by: 'user', reason: 'the user asked for it' }),
      );
      return statusOf(node);
    },
  };
}
