import type { ArchipelDocument } from '../model/document.ts';
import { hasNode, sameConfig } from './desired.ts';
import type { RunningNode } from './running-node.ts';
import type { Wiring } from './wiring.ts';

type Nodes = ReadonlyMap<string, RunningNode>;

/**
 * Hands the changed edges and configs of a document to the running processes, in an order in which no request meets half
 * of the change. What is new takes requests from now on, and what is superfluous no more. Resolves when every process
 * that can hear knows.
 */
export async function handOver({
  nodes,
  wiring,
  before,
  next,
}: {
  nodes: Nodes;
  wiring: Wiring;
  before: ArchipelDocument;
  next: ArchipelDocument;
}): Promise<void> {
  for (const running of nodes.values()) {
    if (running.deploying || !hasNode(next, running.node.id)) continue;
    for (const member of running.members)
      if (member.role === 'none' && member.running?.process.state === 'ready') member.role = 'live';
    for (const member of running.superfluous()) member.role = 'none';
    await wiring.leadWaiting(running.node.id);
  }

  const told: Promise<void>[] = [];
  for (const { node, processes } of nodes.values()) {
    if (!hasNode(next, node.id)) continue;
    const old = before.nodes.find(({ id }) => id === node.id);
    const edges = wiring.edgesOf(node.id, next);
    const gone = before.edges.filter(
      ({ id, source }) => source === node.id && !next.edges.some((edge) => edge.id === id),
    );
    const removed = wiring.edgesOf(node.id, { ...before, edges: gone });
    for (const process of processes) {
      process.send({ type: 'wire', edges: [...edges, ...removed] });
      if (!old || !sameConfig(old, node)) process.send({ type: 'configure', config: node.config });
      if (removed.length > 0) process.send({ type: 'wire', edges });
      told.push(process.heard());
    }
  }
  await Promise.all(told);
}

/** Tells the callers of a node which replicas there are. Resolves when every one that can hear knows. */
export async function tellCallers({
  nodes,
  wiring,
  document,
  nodeId,
}: {
  nodes: Nodes;
  wiring: Wiring;
  document: ArchipelDocument;
  nodeId: string;
}): Promise<void> {
  const callers = new Set(document.edges.filter(({ target }) => target === nodeId).map(({ source }) => source));
  await Promise.all(
    [...callers].flatMap((id) => {
      const edges = wiring.edgesOf(id, document);
      return (nodes.get(id)?.processes ?? []).map((process) => {
        process.send({ type: 'wire', edges });
        return process.heard();
      });
    }),
  );
}
