import type { EngineFrame } from '../../engine/api/types.ts';
import { createPace } from '../metrics/pace.ts';
import { showFrame } from '../metrics/show-frame.ts';
import { isReplaying, keepLive } from '../stores/replay.ts';
import { type RunState, useRun } from '../stores/run.ts';
import { engine, useConnection } from './client.ts';

/** While the past is shown, what is live waits. */
const tell = (told: Partial<RunState>): void => (isReplaying() ? keepLive(told) : useRun.setState(told));

/** One that had to wait may come after the engine was lost, or after the past has taken its place. */
const showInTime = createPace((frame: EngineFrame) => {
  if (isReplaying()) keepLive({ frame });
  else if (useConnection.getState().state === 'online') showFrame(frame);
});

/** Follows the engine: its newest frame, and after each connection what cannot be read from frames. Returns how to stop. */
export function followEngine(): () => void {
  const frames = engine.frames.subscribe(undefined, {
    onData: showInTime,
    onError: () => tell({ frame: null }),
  });
  const catchUp = async () => {
    const [host, lastRun, lastExperiment, lastSweep] = await Promise.all([
      engine.info.query(),
      engine.traffic.last.query(),
      engine.experiments.last.query(),
      engine.sweeps.last.query(),
    ]);
    tell({ host, lastRun, lastExperiment, lastSweep });
  };
  const unsubscribe = useConnection.subscribe(({ state }, before) => {
    if (state === before.state) return;
    if (state === 'online') catchUp().catch(() => undefined);
    // What was shown is not true any more: a lost engine has stopped what it ran.
    else tell({ frame: null, busy: null });
  });
  return () => {
    frames.unsubscribe();
    unsubscribe();
  };
}
