import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import { isKept } from './fault-actions.ts';

/** "3 s" until a fault comes off by itself, "on" when it is kept on, "ending" when it is being undone. */
export function countdown(fault: FaultStatus, frame: Pick<EngineFrame, 'atMs'> | null): string {
  if (fault.state === 'ending') return 'ending';
  if (isKept(fault.id)) return 'on';
  return `${Math.max(0, Math.ceil((fault.expiresAtMs - (frame?.atMs ?? fault.startedAtMs)) / 1000))} s`;
}
