import type { EngineFrame } from '../../engine/api/types.ts';
import { targetName } from '../../engine/model/target-name.ts';
import type { RunEvent } from '../../engine/records/record.ts';
import { said } from '../i18n/said.ts';
import { t } from '../i18n/t.ts';
import type { ReplayMark } from '../stores/replay.ts';

/** What happened in a run, in the order in which it began. */
export function marksOf(frames: readonly EngineFrame[], events: readonly RunEvent[]): ReplayMark[] {
  const endMs = frames.at(-1)?.atMs ?? 0;
  const faults = new Map<string, ReplayMark>();
  for (const { faults: on } of frames)
    for (const { id, fault, target, startedAtMs, endedAtMs, state } of on)
      faults.set(id, {
        type: 'fault',
        label: t('{{fault}} on {{target}}', { fault, target: targetName(target) }),
        fromMs: startedAtMs,
        toMs: endedAtMs ?? (state === 'failed' ? startedAtMs : endMs),
      });
  const changes = events.flatMap(({ atMs, type, subject, text }): ReplayMark[] => {
    const at = { label: `${subject ?? ''} ${said(text)}`.trim(), fromMs: atMs, toMs: atMs };
    if (type === 'scale' || type === 'deploy') return [{ type, ...at }];
    // A process that a run begins with or ends with is no news.
    return type === 'state' && text.startsWith('dead') ? [{ type: 'death', ...at }] : [];
  });
  return [...faults.values(), ...changes].sort((a, b) => a.fromMs - b.fromMs);
}
