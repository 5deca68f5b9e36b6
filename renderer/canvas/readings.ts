import { shownFrame, useDisplay } from '../display/display.ts';
import { useDocument } from '../stores/document.ts';
import { createRecentFailures, type RecentFailure } from './recent-failures.ts';
import { type Capacity, createSaturation, loadOf, type Reading } from './saturation.ts';

/** What is derived from the frames that the canvas shows, once for all cards and edges. */
const saturations = new Map<string, ReturnType<typeof createSaturation>>();
const readings = new Map<string, Reading>();
const failures = createRecentFailures();

export const readingOf = (nodeId: string): Reading | null => readings.get(nodeId) ?? null;

export const failuresAt = (hop: string): readonly RecentFailure[] => failures.at(hop);

function capacities(): Map<string, Capacity> {
  const { document } = useDocument.getState();
  return new Map(document.nodes.map(({ id, config }) => [id, config as Capacity]));
}

let known: { document: unknown; byNode: Map<string, Capacity> } | null = null;

function capacityOf(nodeId: string): Capacity | undefined {
  const { document } = useDocument.getState();
  if (known?.document !== document) known = { document, byNode: capacities() };
  return known.byNode.get(nodeId);
}

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
