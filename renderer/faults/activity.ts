import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import { isKept } from './fault-actions.ts';

type Now = Pick<EngineFrame, 'atMs'> | null;

const secondsUntil = (atMs: number, nowMs: number): string => `${Math.max(0, Math.ceil((atMs - nowMs) / 1000))} s`;

/** "3 s" until a fault comes off by itself, "on" when it is kept on, "ending" when it is being undone. */
export function countdown(fault: FaultStatus, frame: Now): string {
  if (fault.state === 'ending') return 'ending';
  if (isKept(fault.id)) return 'on';
  return secondsUntil(fault.expiresAtMs, frame?.atMs ?? fault.startedAtMs);
}

export type Activity = 'starting' | 'acting' | 'waiting' | 'ending' | 'off' | 'failed';

export function activityOf({ state, active }: FaultStatus): Activity {
  if (state === 'on') return active ? 'acting' : 'waiting';
  return state;
}

/** What a fault does now, in a word or two; with its schedule, when it acts next and how often it has. */
export function activityText(fault: FaultStatus, frame: Now): string {
  const often = fault.course.schedule && fault.activations > 0 ? ` · ${fault.activations} ×` : '';
  switch (activityOf(fault)) {
    case 'starting':
      return 'being put on';
    case 'acting':
      return `acting now${often}`;
    case 'waiting':
      return fault.nextAtMs === null
        ? `waiting${often}`
        : `next in ${secondsUntil(fault.nextAtMs, frame?.atMs ?? fault.startedAtMs)}${often}`;
    case 'ending':
      return 'coming off';
    case 'off':
      return fault.endedBy === 'lease' ? 'off by itself' : fault.endedBy === 'stop' ? 'off with the stop' : 'taken off';
    case 'failed':
      return 'failed';
  }
}

/** The line on a card: "Kill · 3 s", "Latency · next in 2 s · 8 s". */
export const cardText = (title: string, fault: FaultStatus, frame: Now): string =>
  [
    title,
    ...(fault.course.schedule && fault.state === 'on' ? [activityText(fault, frame)] : []),
    countdown(fault, frame),
  ].join(' · ');
