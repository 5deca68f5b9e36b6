import type { Version } from '../../model/deploy.ts';
import type { Member, RunningNode } from '../running-node.ts';
import type { Topology } from '../topology.ts';
import type { TrafficRole } from '../wiring.ts';

/** The replicas of a node while a version takes the place of another. Each step is a change of the node in its turn. */
export interface Replicas {
  readonly desired: number;
  old(): Member[];
  fresh(): Member[];
  start(count: number, version: Version): Promise<Member[]>;
  /** In one step for each caller. */
  assign(...roles: [members: readonly Member[], role: TrafficRole][]): Promise<void>;
  canary(share: number): Promise<void>;
  retire(members: readonly Member[], reason: string): Promise<void>;
  /** What replicas start with from now on. */
  settleOn(version: Version): Promise<void>;
  /** While it lasts, nobody else adds or takes away replicas; afterwards there are as many as desired. */
  hold(held: boolean): Promise<void>;
  readonly counted: { started: number; stopped: number };
}

export function createReplicas(topology: Topology, nodeId: string, version: Version): Replicas {
  const counted = { started: 0, stopped: 0 };
  const members = (): Member[] =>
    topology
      .nodes()
      .find(({ node }) => node.id === nodeId)
      ?.members.slice() ?? [];
  const isFresh = (member: Member): boolean => member.version.name === version.name;
  const change = <T>(make: (running: RunningNode) => Promise<T>): Promise<T> => topology.changeNode(nodeId, make);

  return {
    counted,
    get desired() {
      return topology.nodes().find(({ node }) => node.id === nodeId)?.desired ?? 0;
    },
    old: () => members().filter((member) => !isFresh(member)),
    fresh: () => members().filter(isFresh),
    async start(count, wanted) {
      if (count === 0) return [];
      counted.started += count;
      return change((running) => running.launch(count, wanted));
    },
    assign: (...roles) =>
      change((running) => running.assign(new Map(roles.flatMap(([all, role]) => all.map((member) => [member, role]))))),
    canary: (share) => change((running) => running.route(members().filter(isFresh), 'canary', share)),
    async retire(all, reason) {
      if (all.length === 0) return;
      counted.stopped += all.length;
      await change((running) => running.retire(all, reason));
    },
    settleOn: (settled) =>
      change(async (running) => {
        running.version = settled;
      }),
    hold: (held) =>
      change(async (running) => {
        running.deploying = held;
        if (!held) await running.settle('more than desired after a deploy');
      }),
  };
}
