import type { DeployStatus } from '../../api/types.ts';
import type { KindDefinition } from '../../model/definition.ts';
import { deploymentOf, pipelineTime, type Strategy, versionsOf } from '../../model/deploy.ts';
import { ArchipelError } from '../../model/error.ts';
import type { ProcessFrame } from '../../process-kit/protocol.ts';
import type { Topology } from '../topology.ts';
import type { LeastShare } from './analysis.ts';
import { type Deploy, type Exposure, type RollbackBy, startDeploy } from './deploy.ts';

/** So many deploys are remembered. */
const MAX_REMEMBERED = 100;

export interface DeployRequest {
  node: string;
  version: string;
  /** Instead of the one in the node's config. */
  strategy?: Strategy | undefined;
}

/** New versions of the nodes of a running topology, one at a time for each node. */
export interface Deploys {
  /** Builds the version and rolls it out. Returns at once; `done` resolves when it is over, however it ended. */
  start(request: DeployRequest): { id: string; done: Promise<void> };
  /** Rolls the newest deploy of the node back, wherever it stands. Resolves when the version before serves again. */
  rollBack(request: { node: string; by: RollbackBy; reason: string }): Promise<void>;
  /** Oldest first. */
  list(): { status: Omit<DeployStatus, 'impact'>; exposure: Exposure | null }[];
  addFrame(nodeId: string, replica: number, pid: number, frame: ProcessFrame): void;
}

export function createDeploys(options: {
  topology: Topology;
  kinds: readonly KindDefinition[];
  leastShare: LeastShare;
  onChange(): void;
}): Deploys {
  const { topology, kinds } = options;
  const deploys: Deploy[] = [];
  const newestOf = (nodeId: string): Deploy | undefined =>
    deploys.findLast((deploy) => deploy.status().node === nodeId);
  let count = 0;

  return {
    start({ node: nodeId, version: wanted, strategy }) {
      const picture = topology.nodes().find(({ node }) => node.id === nodeId);
      if (!picture || topology.state !== 'running')
        throw new ArchipelError('not-found', `no node "${nodeId}" runs`, 'Name a node of the running document.');
      const { node } = picture;
      const deployment = deploymentOf(node.config);
      if (!deployment)
        throw new ArchipelError(
          'wrong-state',
          `"${nodeId}" is a ${node.kind}, which has no versions`,
          'Deploy a service or a server.',
        );
      const versions = versionsOf(node.config);
      const version = versions.find(({ name }) => name === wanted);
      if (!version)
        throw new ArchipelError(
          'not-found',
          `"${nodeId}" has no version "${wanted}"`,
          `Use one of ${versions.map(({ name }) => `"${name}"`).join(', ')}, or add it to the node's versions.`,
        );
      if (isUnderWay(newestOf(nodeId)))
        throw new ArchipelError(
          'wrong-state',
          `a deploy of "${nodeId}" is under way`,
          'Wait until it is over, or roll it back.',
        );
      if (picture.version === wanted)
        throw new ArchipelError(
          'wrong-state',
          `"${nodeId}" runs version "${wanted}" already`,
          'Deploy another version.',
        );
      const from = versions.find(({ name }) => name === picture.version) ??
        picture.members[0]?.version ?? { name: picture.version, behaviour: { type: 'ok' } };
      const modules = kinds.find(({ kind }) => kind === node.kind)?.modules?.(node.config) ?? 1;
      count += 1;
      const deploy = startDeploy({
        id: `deploy-${count}`,
        topology,
        nodeId,
        from,
        version,
        strategy: strategy ?? deployment.strategy,
        minReadyMs: deployment.minReadyMs,
        pipeline: { modules, ...pipelineTime(deployment, modules) },
        leastShare: options.leastShare,
        onChange: options.onChange,
      });
      deploys.push(deploy);
      if (deploys.length > MAX_REMEMBERED) deploys.shift();
      return { id: deploy.status().id, done: deploy.done };
    },
    async rollBack({ node, by, reason }) {
      const deploy = newestOf(node);
      if (!deploy)
        throw new ArchipelError('wrong-state', `nothing was deployed to "${node}"`, 'Deploy a version first.');
      await deploy.rollBack(by, reason);
    },
    list: () => deploys.map((deploy) => ({ status: deploy.status(), exposure: deploy.exposure() })),
    addFrame(nodeId, replica, pid, frame) {
      for (const deploy of deploys)
        if (isUnderWay(deploy) && deploy.status().node === nodeId) deploy.addFrame(replica, pid, frame);
    },
  };
}

function isUnderWay(deploy: Deploy | undefined): boolean {
  const state = deploy?.status().state;
  return state === 'building' || state === 'rolling-out' || state === 'rolling-back';
}
