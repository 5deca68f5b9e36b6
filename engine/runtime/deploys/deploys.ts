import type { DeployStatus } from '../../api/types.ts';
import type { KindDefinition } from '../../model/definition.ts';
import { deploymentOf, pipelineTime, type Strategy, type Version, versionsOf } from '../../model/deploy.ts';
import { ArchipelError } from '../../model/error.ts';
import type { ProcessFrame } from '../../process-kit/protocol.ts';
import type { Topology } from '../topology.ts';
import type { LeastShare } from './analysis.ts';
import { type Deploy, type DeployOptions, type Exposure, type RollbackBy, startDeploy } from './deploy.ts';

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
  /** A version that the node's config need not know goes live at once, without build and test, beside the old one. */
  goLive(request: { node: string; version: Version }): Deploy;
  /** Resolves when no deploy of the node is under way. */
  untilSettled(node: string): Promise<void>;
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

  /** What is to be deployed, and how its node runs now. Throws where nothing can be. */
  const planned = (nodeId: string, choose: (versions: readonly Version[]) => Version) => {
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
    const version = choose(versions);
    if (isUnderWay(newestOf(nodeId)))
      throw new ArchipelError(
        'wrong-state',
        `a deploy of "${nodeId}" is under way`,
        'Wait until it is over, or roll it back.',
      );
    if (picture.version === version.name)
      throw new ArchipelError(
        'wrong-state',
        `"${nodeId}" runs version "${version.name}" already`,
        'Deploy another version.',
      );
    const from = versions.find(({ name }) => name === picture.version) ??
      picture.members[0]?.version ?? { name: picture.version, behaviour: { type: 'ok' } };
    return { node, deployment, version, from };
  };

  const begin = (
    { node, version, from }: ReturnType<typeof planned>,
    how: Pick<DeployOptions, 'strategy' | 'minReadyMs' | 'pipeline'>,
  ): Deploy => {
    count += 1;
    const deploy = startDeploy({
      id: `deploy-${count}`,
      topology,
      nodeId: node.id,
      from,
      version,
      ...how,
      leastShare: options.leastShare,
      onChange: options.onChange,
    });
    deploys.push(deploy);
    if (deploys.length > MAX_REMEMBERED) deploys.shift();
    return deploy;
  };

  return {
    start({ node: nodeId, version: wanted, strategy }) {
      const plan = planned(nodeId, (versions) => {
        const known = versions.find(({ name }) => name === wanted);
        if (known) return known;
        throw new ArchipelError(
          'not-found',
          `"${nodeId}" has no version "${wanted}"`,
          `Use one of ${versions.map(({ name }) => `"${name}"`).join(', ')}, or add it to the node's versions.`,
        );
      });
      const { deployment, node } = plan;
      const modules = kinds.find(({ kind }) => kind === node.kind)?.modules?.(node.config) ?? 1;
      const deploy = begin(plan, {
        strategy: strategy ?? deployment.strategy,
        minReadyMs: deployment.minReadyMs,
        pipeline: { modules, ...pipelineTime(deployment, modules) },
      });
      return { id: deploy.status().id, done: deploy.done };
    },
    goLive: ({ node: nodeId, version }) =>
      begin(
        planned(nodeId, () => version),
        { strategy: { type: 'blue-green' }, minReadyMs: 0, pipeline: { modules: 1, modelledMs: 0, waitedMs: 0 } },
      ),
    async untilSettled(node) {
      while (isUnderWay(newestOf(node))) await newestOf(node)?.done;
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
