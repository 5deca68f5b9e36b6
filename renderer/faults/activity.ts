import type { EngineFrame, FaultStatus } from '../../engine/api/types.ts';
import { t } from '../i18n/t.ts';
import { isKept } from './fault-actions.ts';

type Now = Pick<EngineFrame, 'atMs'> | null;

const secondsUntil = (atMs: number, nowMs: number): string => `${Math.max(0, Math.ceil((atMs - nowMs) / 1000))} s`;

/** "3 s" until a fault comes off by itself, "on" when it is kept on, "ending" when it is being undone. */
export function countdown(fault: FaultStatus, frame: Now): string {
  if (fault.state === 'ending') return t('ending');
  if (isKept(fault.id)) return t('on');
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
      return t('being put on');
    case 'acting':
      return `${t('acting now')}${often}`;
    case 'waiting':
      return fault.nextAtMs === null
        ? `${t('waiting')}${often}`
        : `${t('next in {{time}}', { time: secondsUntil(fault.nextAtMs, frame?.atMs ?? fault.startedAtMs) })}${often}`;
    case 'ending':
      return t('coming off');
    case 'off':
      if (fault.endedBy === 'lease') return t('off by itself');
      return fault.endedBy === 'stop' ? t('off with the stop') : t('taken off');
    case 'failed':
      return t('failed');
  }
}

/** The line on a card: "Kill · 3 s", "Latency · next in 2 s · 8 s". */
export const cardText = (title: string, fault: FaultStatus, frame: Now): string =>
  [
    title,
    ...(fault.course.schedule && fault.state === 'on' ? [activityText(fault, frame)] : []),
    countdown(fault, frame),
  ].join(' · ');
