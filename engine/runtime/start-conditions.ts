/** What a fault does to the starts of a process, while it is imposed. */
export interface StartCondition {
  /** It counts as ready only so long after it was started. */
  readyDelayMs?: number;
  /** Asked at each start: whether the process is ended before it is ready. */
  fails?(): boolean;
  /** What the heap of a program of ours may grow to. */
  memoryLimitMb?: number;
  /** It has become ready, so long after it was started. */
  onReady?(startMs: number): void;
}

/** The conditions under which the processes of one topology start. They stay when a replica is replaced by another. */
export interface StartConditions {
  /** For one replica of a node or, without a number, for all, those to come too. Returns what lifts it. */
  impose(at: { nodeId: string; replica?: number }, condition: StartCondition): () => void;
  of(nodeId: string, replica: number): StartCondition[];
}

export function createStartConditions(): StartConditions {
  const imposed = new Set<{ at: { nodeId: string; replica?: number }; condition: StartCondition }>();
  return {
    impose(at, condition) {
      const entry = { at, condition };
      imposed.add(entry);
      return () => void imposed.delete(entry);
    },
    of: (nodeId, replica) =>
      [...imposed]
        .filter(({ at }) => at.nodeId === nodeId && (at.replica === undefined || at.replica === replica))
        .map(({ condition }) => condition),
  };
}
