import { create } from 'zustand';
import { liveHistory } from './live-history.ts';

/** How much of the newest time charts show, in seconds. */
export const spans = [60, 300] as const;

interface ChartWindow {
  spanSec: (typeof spans)[number];
  /** What was chosen with the brush; null: the newest time. */
  zoom: { fromSec: number; toSec: number } | null;
}

/** What stretch of time all charts show. */
export const useChartWindow = create<ChartWindow>()(() => ({ spanSec: 60, zoom: null }));

/** The stretch of time now, ends included. */
export function windowNow(): { fromSec: number; toSec: number } {
  const { zoom, spanSec } = useChartWindow.getState();
  if (zoom) return zoom;
  const toSec = liveHistory.newestAtSec() ?? Date.now() / 1000;
  return { fromSec: toSec - spanSec, toSec };
}

/** Less than that is a click that slipped. */
const LEAST_SEC = 0.5;

export function zoomTo(fromSec: number, toSec: number): void {
  if (toSec - fromSec >= LEAST_SEC) useChartWindow.setState({ zoom: { fromSec, toSec } });
}

export const followLive = (): void => useChartWindow.setState({ zoom: null });
