import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { programs } from '../kinds/programs.ts';
import type { ArchipelNode } from '../model/document.ts';
import type { FullLaunchContext, Launch, Launcher } from './launch.ts';
import { createProcessLog, type ProcessLog } from './process-log.ts';
import { Replica, type ReplicaOptions } from './replica.ts';

/** A replica as part of a topology, with what is kept for it as long as it is. */
export interface RunningReplica {
  process: Replica;
  launch: Launch;
  log: ProcessLog;
  /** Hands back what was kept for it. Its process must be gone. */
  release(): void;
}

/** Where the processes of a topology write down what they do with messages. */
export const journalDirectory = (ofTopology: string): string => join(ofTopology, 'journals');

/** Prepares a replica of a node; its process is not started yet. */
export async function createRunningReplica(
  node: ArchipelNode,
  replica: number,
  options: Omit<
    ReplicaOptions,
    'nodeId' | 'nodeName' | 'replica' | 'launch' | 'log' | 'directory' | 'journalDirectory'
  > & {
    /** Of the topology. */
    directory: string;
    /** Distinguishes this replica from earlier ones in the same place. */
    incarnation: number;
    /** The same object for all replicas of the node. */
    scope: object;
    ports: { allocate(): Promise<number>; free(port: number): void };
    /** Null for a document that is in no file. */
    documentDirectory?: string | null;
    signal: AbortSignal;
    onLines: Parameters<typeof createProcessLog>[0]['onLines'];
  },
): Promise<RunningReplica> {
  const directory = join(options.directory, `${node.id}-${replica}-${options.incarnation}`);
  await mkdir(directory, { mode: 0o711 });
  const file = join(options.directory, `${node.id}-${replica}.log`);
  const log = createProcessLog({ nodeId: node.id, replica, file, onLines: options.onLines });
  const ports: number[] = [];
  const release = (): void => {
    log.close();
    for (const port of ports.splice(0)) options.ports.free(port);
  };
  const port = async (): Promise<number> => {
    const allocated = await options.ports.allocate();
    ports.push(allocated);
    return allocated;
  };
  const launcher = (programs as Record<string, unknown>)[node.kind] as Launcher<
    unknown,
    Launch,
    FullLaunchContext<unknown>
  >;
  try {
    const launch = await launcher({
      config: node.config,
      nodeId: node.id,
      environment: options.environment,
      documentDirectory: options.documentDirectory ?? null,
      replica,
      scope: options.scope,
      directory,
      port,
      signal: options.signal,
    });
    const process = new Replica({
      ...options,
      ...{ nodeId: node.id, nodeName: node.name, replica, launch, log, directory },
      journalDirectory: journalDirectory(options.directory),
    });
    return { process, launch, log, release };
  } catch (error) {
    release();
    throw error;
  }
}
