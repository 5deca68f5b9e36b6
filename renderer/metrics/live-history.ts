import type { EngineFrame } from '../../engine/api/types.ts';
import { capacityOf } from './capacity.ts';
import { figuresOf } from './frame-figures.ts';
import { createHistory, type History } from './history.ts';
import { recordMarkers } from './markers.ts';

/** Five points a second: what they show are figures over the last second. */
const MIN_STEP_MS = 190;
/** Five minutes. */
const POINTS = 1500;

let history = createHistory(POINTS);
let before: EngineFrame | null = null;

/** What the charts show, outside React. It begins anew with each topology. */
export const liveHistory: Omit<History, 'push' | 'clear'> = {
  columns: (names, range) => history.columns(names, range),
  newest: (name) => history.newest(name),
  names: (prefix) => history.names(prefix),
  newestAtSec: () => history.newestAtSec(),
};

/** Charts begin anew. */
export function clearHistory(): void {
  history.clear();
  before = null;
}

/** Charts begin anew. Returns how to get everything back as it is now. */
export function setHistoryAside(): () => void {
  const aside = { history, before };
  history = createHistory(POINTS);
  before = null;
  return () => {
    ({ history, before } = aside);
  };
}

export function recordFrame(frame: EngineFrame): void {
  if (frame.topology === 'stopped') {
    // What was measured stays to be looked at, until something else runs.
    before = null;
    return;
  }
  recordMarkers(frame);
  if (!before) history.clear();
  else if (frame.atMs - before.atMs < MIN_STEP_MS) return;
  history.push(frame.atMs / 1000, figuresOf(frame, before, capacityOf));
  before = frame;
}
