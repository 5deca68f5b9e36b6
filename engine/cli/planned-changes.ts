import { type Command, InvalidArgumentError } from 'commander';
import { versionsOf } from '../model/deploy.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { parseDuration } from './arguments.ts';
import { engineError } from './problems.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** A change that the command line asks for, so long after the traffic began. */
interface PlannedChange {
  text: string;
  atMs: number;
  node: string;
  version?: string;
  make(session: Session): Promise<unknown>;
}

export interface ChangeOptions {
  scale?: PlannedChange[];
  deploy?: PlannedChange[];
  rollBack?: PlannedChange[];
}

export const addChangeOptions = (command: Command): Command =>
  command
    .option('--scale <node=replicas@time>', 'scale a node, e.g. orders=3@5s; as often as you like', collect(parseScale))
    .option(
      '--deploy <node=version@time>',
      'deploy a version, e.g. orders=v2@8s; as often as you like',
      collect(parseDeploy),
    )
    .option('--roll-back <node@time>', 'roll back what was last deployed to a node', collect(parseRollBack));

const collect =
  (parse: (text: string) => PlannedChange) =>
  (text: string, before: PlannedChange[] = []): PlannedChange[] => [...before, parse(text)];

function parseScale(text: string): PlannedChange {
  const [, node, replicas, time] = /^([^=@]+)=(\d+)@(.+)$/.exec(text) ?? [];
  if (!node || !replicas || !time)
    throw new InvalidArgumentError('Say which node, how many replicas and when, such as orders=3@5s.');
  const change = { node, replicas: Number(replicas) };
  return {
    text: `scale ${node} to ${replicas}`,
    atMs: parseDuration(time),
    node,
    make: ({ caller }) => caller.topology.scale(change),
  };
}

function parseDeploy(text: string): PlannedChange {
  const [, node, version, time] = /^([^=@]+)=([^@]+)@(.+)$/.exec(text) ?? [];
  if (!node || !version || !time)
    throw new InvalidArgumentError('Say which node, which version and when, such as orders=v2@8s.');
  const change = { node, version };
  return {
    ...{ text: `deploy ${node} ${version}`, atMs: parseDuration(time), node, version },
    make: ({ caller }) => caller.topology.deploy(change),
  };
}

function parseRollBack(text: string): PlannedChange {
  const [, node, time] = /^([^=@]+)@(.+)$/.exec(text) ?? [];
  if (!node || !time) throw new InvalidArgumentError('Say which node and when, such as orders@12s.');
  return {
    text: `roll back ${node}`,
    atMs: parseDuration(time),
    node,
    make: ({ caller }) => caller.topology.rollBack({ node }),
  };
}

/** Refuses what can never be done before anything starts. */
export function planChanges(
  { scale = [], deploy = [], rollBack = [] }: ChangeOptions,
  document: ArchipelDocument,
  durationMs: number,
): PlannedChange[] {
  const changes = [...scale, ...deploy, ...rollBack].sort((a, b) => a.atMs - b.atMs);
  for (const { text, atMs, node: id, version } of changes) {
    const refuse = (why: string, nextStep: string): never => {
      throw new ArchipelError('not-found', `cannot ${text}: ${why}`, nextStep);
    };
    const node = document.nodes.find((candidate) => candidate.id === id);
    if (!node)
      return refuse(
        `there is no node "${id}"`,
        `It has: ${document.nodes.map((known) => `"${known.id}"`).join(', ')}.`,
      );
    const versions = 'versions' in node.config ? versionsOf(node.config).map(({ name }) => name) : [];
    if (version !== undefined && !versions.includes(version))
      return refuse(
        `"${id}" has no version "${version}"`,
        versions.length > 0
          ? `It has: ${versions.map((name) => `"${name}"`).join(', ')}.`
          : 'Deploy a service or a server.',
      );
    if (atMs >= durationMs) return refuse(`the run is over by then`, 'Choose an earlier time, or a longer --duration.');
  }
  return changes;
}

/** Makes each change at its time from now on, until it is disposed of. What fails is told and counted. */
export function makeChanges(
  changes: readonly PlannedChange[],
  session: Session,
  terminal: Terminal,
): Disposable & { failed(): number } {
  let failed = 0;
  const make = async ({ text, make: change }: PlannedChange): Promise<void> => {
    terminal.line(`${text} …`);
    try {
      await change(session);
    } catch (error) {
      failed += 1;
      const { message, nextStep } = engineError(error);
      terminal.line(`cannot ${text}: ${message}`);
      terminal.line(`  → ${nextStep}`);
    }
  };
  const timers = changes.map((change) => setTimeout(() => void make(change), change.atMs));
  return {
    failed: () => failed,
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
