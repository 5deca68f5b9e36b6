import type { EngineFrame } from '../../engine/api/types.ts';
import { useRun } from '../stores/run.ts';
import { recordFrame } from './live-series.ts';

/** The newest frame goes to all who follow: charts keep its figures, canvas and panels show it. */
export function takeFrame(frame: EngineFrame): void {
  recordFrame(frame);
  useRun.setState({ frame });
}
