import type { WiredEdge } from './protocol.ts';

/** Where the requests of an edge go: what a look-up of its target answers. The rest of an edge is the caller's own. */
type Addresses = Pick<WiredEdge, 'ports' | 'replicas' | 'weights' | 'shadowPorts'>;

const addressesOf = ({ ports, replicas, weights, shadowPorts }: WiredEdge): Addresses => ({
  ports,
  replicas,
  weights,
  shadowPorts,
});

const alike = (one: Addresses, other: Addresses): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Says for how long a changed list of addresses is kept from the program, in milliseconds; 0: not at all. */
export type HoldBack = (edge: Pick<WiredEdge, 'id' | 'targetId'>) => number;

/**
 * The outgoing edges as the program uses them, and as they are. They are the same, unless somebody holds changes back:
 * then the program goes on with the addresses that it has until their time is over.
 */
export interface AddressBook {
  /** The edges as they are from now on. */
  publish(edges: readonly WiredEdge[]): void;
  /** Changes are held back from now on. Returns its end: once nobody holds any back, the program gets what is true. */
  holdBack(how: HoldBack): () => void;
  /** Whether the program uses addresses of this edge that are no longer true. */
  isOutOfDate(edgeId: string): boolean;
  /** Edges of which it does. */
  outOfDate(): number;
  /** Changed lists that were held back so far. */
  heldBack(): number;
}

/** One change that is on its way to the program. */
interface Pending {
  addresses: Addresses;
  timer: NodeJS.Timeout;
}

/** `first`: the edges that the program has been started with. */
export function createAddressBook(first: readonly WiredEdge[], apply: (edges: WiredEdge[]) => void): AddressBook {
  let current = first;
  /** By edge: what the program uses. */
  const used = new Map(first.map((edge) => [edge.id, addressesOf(edge)]));
  /** By edge, in the order in which they were made. */
  const pending = new Map<string, Pending[]>();
  const holds = new Set<HoldBack>();
  let heldBack = 0;

  const forget = (edgeId: string): void => {
    for (const { timer } of pending.get(edgeId) ?? []) clearTimeout(timer);
    pending.delete(edgeId);
  };

  const tell = (): void => apply(current.map((edge) => ({ ...edge, ...used.get(edge.id) })));

  const arrive = (edgeId: string, change: Pending): void => {
    const left = (pending.get(edgeId) ?? []).filter((other) => other !== change);
    if (left.length > 0) pending.set(edgeId, left);
    else pending.delete(edgeId);
    used.set(edgeId, change.addresses);
    tell();
  };

  const newest = (edgeId: string): Addresses | undefined => pending.get(edgeId)?.at(-1)?.addresses ?? used.get(edgeId);

  return {
    publish(edges) {
      for (const { id } of current)
        if (!edges.some((edge) => edge.id === id)) {
          forget(id);
          used.delete(id);
        }
      current = edges;
      for (const edge of edges) {
        const addresses = addressesOf(edge);
        const known = newest(edge.id);
        if (known && alike(known, addresses)) continue;
        // Who has never looked a target up has nothing that could be out of date.
        const forMs = known ? Math.max(0, ...[...holds].map((hold) => hold(edge))) : 0;
        if (forMs > 0) {
          heldBack += 1;
          const change: Pending = { addresses, timer: setTimeout(() => arrive(edge.id, change), forMs) };
          change.timer.unref();
          pending.set(edge.id, [...(pending.get(edge.id) ?? []), change]);
        } else {
          forget(edge.id);
          used.set(edge.id, addresses);
        }
      }
      tell();
    },
    holdBack(how) {
      holds.add(how);
      return () => {
        holds.delete(how);
        if (holds.size > 0 || pending.size === 0) return;
        for (const { id } of current) {
          const addresses = newest(id);
          forget(id);
          if (addresses) used.set(id, addresses);
        }
        tell();
      };
    },
    isOutOfDate: (edgeId) => pending.has(edgeId),
    outOfDate: () => pending.size,
    heldBack: () => heldBack,
  };
}
