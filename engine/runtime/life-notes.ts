import type { ReplicaState } from '../api/types.ts';

/** What its log tells when the state of a replica changes, or null where that goes without saying. */
export function lifeNote(change: {
  from: ReplicaState;
  to: ReplicaState;
  reason: string | null;
  /** It ended by itself: the reason says how. */
  isSurprise: boolean;
  /** A program that runs elsewhere. */
  isRemote: boolean;
  /** Of a process that has just become ready. */
  start: { durationMs: number; warm: boolean; pid: number | null; port: number | null };
  /** It has been started before. */
  isRestart: boolean;
}): string | null {
  const { from, to, reason, start } = change;
  const why = reason === null || reason === 'ended' ? '' : `: ${reason}`;
  switch (to) {
    case 'starting':
      return change.isRestart ? 'starts again' : null;
    case 'ready': {
      if (from === 'paused') return 'goes on';
      if (from === 'degraded') return 'recovered';
      const after = `after ${Math.round(start.durationMs)} ms`;
      if (change.isRemote) return `reached ${after}, port ${start.port}`;
      return `ready ${after}, ${start.warm ? 'warm' : 'cold'} start, process ${start.pid}, port ${start.port}`;
    }
    case 'degraded':
    case 'paused':
      return `${to}${why}`;
    case 'stopping':
      return 'stopping';
    case 'dead':
      if (from === 'dead') return null;
      if (from === 'starting') return `did not become ready${why}`;
      if (change.isRemote) return `no longer used${why}`;
      return change.isSurprise ? reason : `ended${why}`;
  }
}
