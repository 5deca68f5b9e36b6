import type { EngineFrame } from '../../engine/api/types.ts';

/** Something that was done to the topology, on the time axis of the charts. */
export interface Marker {
  id: string;
  type: 'fault' | 'deploy';
  /** Id of the fault, or "orders v2". */
  label: string;
  fromMs: number;
  /** Null while it is on. */
  toMs: number | null;
}

/** More than charts of five minutes can show apart. */
const KEPT = 200;

/** Keeps what frames tell of faults and deploys: they tell of the newest only. */
export function createMarkers(): { record(frame: EngineFrame): void; list(): readonly Marker[] } {
  const markers = new Map<string, Marker>();
  const put = (marker: Marker): void => {
    markers.set(marker.id, marker);
    if (markers.size > KEPT) markers.delete(markers.keys().next().value as string);
  };
  return {
    record({ faults, nodes }) {
      for (const { id, fault, state, startedAtMs, endedAtMs } of faults)
        put({
          id,
          type: 'fault',
          label: fault,
          fromMs: startedAtMs,
          toMs: endedAtMs ?? (state === 'failed' ? startedAtMs : null),
        });
      for (const { id: node, deploy } of Object.values(nodes))
        if (deploy)
          put({
            id: deploy.id,
            type: 'deploy',
            label: `${node} ${deploy.version}`,
            fromMs: deploy.startedAtMs,
            toMs: deploy.endedAtMs,
          });
    },
    list: () => [...markers.values()],
  };
}

let live = createMarkers();
export const recordMarkers = (frame: EngineFrame): void => live.record(frame);
export const liveMarkers = (): readonly Marker[] => live.list();

/** Begins anew. Returns how to get everything back as it is now. */
export function setMarkersAside(): () => void {
  const aside = live;
  live = createMarkers();
  return () => {
    live = aside;
  };
}
