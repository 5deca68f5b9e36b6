import type { LiveVersion } from '../../faults/inject.ts';
import type { Version } from '../../model/deploy.ts';
import { ArchipelError } from '../../model/error.ts';
import type { Topology } from '../topology.ts';
import type { Deploy } from './deploy.ts';
import type { Deploys } from './deploys.ts';

interface Live {
  version: Version;
  users: number;
  deploy: Deploy;
}

/** Versions that faults let go live, one for each node at most; those who want the same one on a node share it. */
export function createLiveVersions({
  topology,
  deploys,
}: {
  topology: Topology;
  deploys: Deploys;
}): (nodeId: string, version: Version) => Promise<LiveVersion> {
  const live = new Map<string, Live>();

  const serving = (nodeId: string) =>
    topology
      .nodes()
      .find(({ node }) => node.id === nodeId)
      ?.members.flatMap(({ role, version, running }) =>
        role === 'live' && running ? [{ version: version.name, process: running.process }] : [],
      ) ?? [];

  return async (nodeId, version) => {
    const known = live.get(nodeId);
    if (known && JSON.stringify(known.version) !== JSON.stringify(version))
      throw new ArchipelError(
        'fault-impossible',
        `A fault has let version ${known.version.name} go live on "${nodeId}" already.`,
        'Clear that fault first.',
      );
    const entry = known ?? { version, users: 0, deploy: deploys.goLive({ node: nodeId, version }) };
    live.set(nodeId, entry);
    entry.users += 1;
    const { deploy } = entry;
    await deploy.done;
    const { state, from, phase, error } = deploy.status();
    if (state !== 'done') {
      entry.users -= 1;
      if (entry.users === 0) live.delete(nodeId);
      throw new ArchipelError(
        'fault-impossible',
        `Version ${version.name} could not go live on "${nodeId}": ${error ?? phase}.`,
        'Look at the log of the node, and try again.',
      );
    }
    return {
      from,
      serving: () =>
        serving(nodeId).map(({ version: name, process }) => ({
          version: name,
          pid: process.pid,
          ...(process.answered ?? { requests: 0, errors: 0 }),
        })),
      async healthy(timeoutMs) {
        const all = await Promise.all(serving(nodeId).map(({ process }) => process.healthy(timeoutMs)));
        return all.length > 0 && all.every(Boolean);
      },
      async takeBack() {
        entry.users -= 1;
        if (entry.users === 0) {
          live.delete(nodeId);
          await deploys.untilSettled(nodeId);
          // Where somebody has deployed another version since, there is nothing to take back.
          if (serving(nodeId).some(({ version: name }) => name === version.name))
            await deploy.rollBack('fault', 'the fault that let it go live came off');
        } else await deploy.done;
      },
    };
  };
}
