import type { WiredEdge } from './protocol.ts';

/**
 * Where the outgoing edges of a program lead: `ARCHIPEL_EDGE_ORDERS_DB=postgres://user:password@127.0.0.1:20001/shop` for the
 * edge `orders-db`, with one address for each replica of the target, separated by commas. They are the ports of links, so
 * that faults on an edge act on what travels along it.
 */
export const linkEnvironment = (edges: readonly WiredEdge[]): Record<string, string> =>
  Object.fromEntries(
    edges.map((edge) => [variableOf(edge.id), edge.ports.map((port) => addressOf(edge, port)).join(',')]),
  );

/** Ids hold only a–z, 0–9 and "-", so no two of them have the same variable. */
const variableOf = (edgeId: string): string => `ARCHIPEL_EDGE_${edgeId.toUpperCase().replace(/-/g, '_')}`;

/** Protocols are named like the schemes of their URLs. */
function addressOf({ protocol, login }: WiredEdge, port: number): string {
  const who = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : '';
  return `${protocol}://${who}127.0.0.1:${port}${login ? `/${encodeURIComponent(login.database)}` : ''}`;
}
