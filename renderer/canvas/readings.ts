import { shownFrame, useDisplay } from '../display/display.ts';
import { capacityOf } from '../metrics/capacity.ts';
import { createSaturation, loadOf, type Reading } from '../metrics/load.ts';
import { createRecentFailures, type RecentFailure } from './recent-failures.ts';

/** What is derived from the frames that the canvas shows, once for all cards and edges. */
const saturations = new Map<string, ReturnType<typeof createSaturation>>();
const readings = new Map<string, Reading>();
const failures = createRecentFailures();

export const readingOf = (nodeId: string): Reading | null => readings.get(nodeId) ?? null;

export const failuresAt = (hop: string): readonly RecentFailure[] => failures.at(hop);

useDisplay.subscribe(({ frame }, before) => {
  if (frame === before.frame) return;
  if (!frame || frame.topology === 'stopped') {
    saturations.clear();
    readings.clear();
  }
  failures.add(frame ?? { atMs: shownFrame()?.atMs ?? 0, traffic: null });
  if (!frame || frame.topology === 'stopped') return;
  for (const status of Object.values(frame.nodes)) {
    const saturation = saturations.get(status.id) ?? createSaturation();
    saturations.set(status.id, saturation);
    readings.set(status.id, saturation.add(frame.atMs, loadOf(status, capacityOf(status.id))));
  }
});
