import type { EngineFrame } from '../../engine/api/types.ts';
import { useRun } from '../stores/run.ts';
import { recordEdges } from './edge-rates.ts';
import { recordFrame } from './live-series.ts';

/** Everything that shows figures sees this picture next. */
export function showFrame(frame: EngineFrame): void {
  recordFrame(frame);
  recordEdges(frame);
  useRun.setState({ frame });
}
