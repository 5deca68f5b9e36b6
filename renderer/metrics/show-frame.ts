import type { EngineFrame } from '../../engine/api/types.ts';
import { useRun } from '../stores/run.ts';
import { recordFrame } from './live-history.ts';

/** Everything that shows figures sees this picture next. */
export function showFrame(frame: EngineFrame): void {
  recordFrame(frame);
  useRun.setState({ frame });
}
