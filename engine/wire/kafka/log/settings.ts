/** How a log keeps its batches. Names and meanings as in Kafka's topic configuration. */
export interface LogSettings {
  segmentBytes: number;
  segmentMs: number;
  indexIntervalBytes: number;
  /** -1: for ever. */
  retentionMs: number;
  /** -1: without limit. */
  retentionBytes: number;
  isCompacted: boolean;
  isDeleted: boolean;
  minCleanableDirtyRatio: number;
  minCompactionLagMs: number;
  /** How long a tombstone stays after compaction. */
  deleteRetentionMs: number;
  isLogAppendTime: boolean;
  /** After so many messages they are flushed to the disk; with 1 nothing is confirmed before. */
  flushMessages: number;
  /** Flushed after so long at the latest. */
  flushMs: number;
}
