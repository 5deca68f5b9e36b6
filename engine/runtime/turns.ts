/** Who may change a running topology when. */
export interface Turns {
  /** Changes that may touch everything: one after the other, and nothing beside them. */
  alone<T>(change: () => Promise<T>): Promise<T>;
  /** Changes to one node: one after the other for this node, beside those to other nodes. */
  of<T>(nodeId: string, change: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  /** The last change that wanted to be alone. */
  let gate: Promise<unknown> = Promise.resolve();
  /** The last change to each node since then. */
  const last = new Map<string, Promise<unknown>>();
  const settled = (turn: Promise<unknown>): Promise<unknown> => turn.catch(() => {});

  return {
    alone(change) {
      const turn = Promise.all([gate, ...last.values()]).then(change);
      gate = settled(turn);
      last.clear();
      return turn;
    },
    of(nodeId, change) {
      const turn = (last.get(nodeId) ?? gate).then(change);
      last.set(nodeId, settled(turn));
      return turn;
    },
  };
}
