import { runningSweep } from '../stores/run.ts';
import { useLiveText } from '../stores/use-live.ts';
import classes from './Toolbar.module.css';

/** How long the traffic or the experiment goes on already. */
export function ElapsedTime() {
  const text = useLiveText((frame) => {
    const sweep = runningSweep(frame);
    const since = sweep
      ? sweep.startedAtMs
      : frame?.experiment && frame.experiment.phase !== 'done'
        ? frame.experiment.startedAtMs
        : frame?.traffic?.startedAtMs;
    if (!frame || since === undefined || (!sweep && frame.traffic?.state === 'done')) return '';
    const seconds = Math.max(0, Math.floor((frame.atMs - since) / 1000));
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  });
  return <span ref={text} className={classes.status} style={{ fontVariantNumeric: 'tabular-nums', minWidth: 34 }} />;
}
