import { recordEdges } from '../metrics/edge-rates.ts';
import { recordFrame } from '../metrics/live-series.ts';
import { useRun } from '../stores/run.ts';
import { engine, useConnection } from './client.ts';

/** Follows the engine: its newest frame, and after each connection what cannot be read from frames. Returns how to stop. */
export function followEngine(): () => void {
  const frames = engine.frames.subscribe(undefined, {
    onData: (frame) => {
      recordFrame(frame);
      recordEdges(frame);
      useRun.setState({ frame });
    },
    onError: () => useRun.setState({ frame: null }),
  });
  const catchUp = async () => {
    const [host, lastRun, lastExperiment, lastSweep] = await Promise.all([
      engine.info.query(),
      engine.traffic.last.query(),
      engine.experiments.last.query(),
      engine.sweeps.last.query(),
    ]);
    useRun.setState({ host, lastRun, lastExperiment, lastSweep });
  };
  const unsubscribe = useConnection.subscribe(({ state }, before) => {
    if (state === before.state) return;
    if (state === 'online') catchUp().catch(() => undefined);
    // What was shown is not true any more: a lost engine has stopped what it ran.
    else useRun.setState({ frame: null, busy: null });
  });
  return () => {
    frames.unsubscribe();
    unsubscribe();
  };
}
