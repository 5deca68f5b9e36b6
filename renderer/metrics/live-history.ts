import type { EngineFrame } from '../../engine/api/types.ts';
import { capacityOf } from './capacity.ts';
import { figuresOf } from './frame-figures.ts';
import { createHistory, type History } from './history.ts';
import { recordMarkers, setMarkersAside } from './markers.ts';

/** Five points a second: what they show are figures over the last second. */
const MIN_STEP_MS = 190;
/** Five minutes. */
const POINTS = 1500;

/** Of more nodes than that each is looked at once a second. */
const MANY_NODES = 150;
const NODES_STEP_MS = 950;

let nodesAtMs = 0;
let history = createHistory(POINTS);
let before: EngineFrame | null = null;

/** What the charts show, outside React. It begins anew with each topology. */
export const liveHistory: Omit<History, 'push' | 'clear'> = {
  columns: (names, range) => history.columns(names, range),
  /** Figures of nodes may come once a second only. */
  newest: (name) => history.newest(name, name.includes(':') ? 8 : 1),
  names: (prefix) => history.names(prefix),
  newestAtSec: () => history.newestAtSec(),
};

/** Charts begin anew. */
export function clearHistory(): void {
  setMarkersAside();
  history.clear();
  before = null;
  nodesAtMs = 0;
}

/** Charts begin anew. Returns how to get everything back as it is now. */
export function setHistoryAside(): () => void {
  const aside = { history, before };
  const giveMarkersBack = setMarkersAside();
  history = createHistory(POINTS);
  before = null;
  nodesAtMs = 0;
  return () => {
    ({ history, before } = aside);
    giveMarkersBack();
  };
}

export function recordFrame(frame: EngineFrame): void {
  if (frame.topology === 'stopped') {
    // What was measured stays to be looked at, until something else runs.
    before = null;
    return;
  }
  recordMarkers(frame);
  if (!before) clearHistory();
  else if (frame.atMs - before.atMs < MIN_STEP_MS) return;
  const isDue = Object.keys(frame.nodes).length <= MANY_NODES || frame.atMs - nodesAtMs >= NODES_STEP_MS;
  if (isDue) nodesAtMs = frame.atMs;
  history.push(frame.atMs / 1000, figuresOf(frame, before, capacityOf, isDue));
  before = frame;
}
