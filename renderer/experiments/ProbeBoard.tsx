import { IconCheck, IconHelp, IconX } from '@tabler/icons-react';
import type { ProbeResult } from '../../engine/api/types.ts';
import classes from './experiments.module.css';
import { marginText, observedText, toleranceText } from './probe-text.ts';

/** How each probe stands: what was measured, what it must be, and how far it is from there. */
export function ProbeBoard({ probes, isLive }: { probes: readonly ProbeResult[]; isLive: boolean }) {
  if (probes.length === 0) return null;
  return (
    <ul
      className={classes.probes}
      aria-label={isLive ? 'Probes now' : 'Probes of the last run'}
      data-testid="probe-board"
    >
      {probes.map((probe) => {
        const state = probe.inconclusive ? 'unknown' : probe.holds ? 'holds' : 'broken';
        const Icon = { unknown: IconHelp, holds: IconCheck, broken: IconX }[state];
        return (
          <li
            key={`${probe.phase} ${probe.fault ?? ''} ${probe.name}`}
            data-state={state}
            title={probe.inconclusive ?? `${probe.name}: ${observedText(probe)}, ${toleranceText(probe)}`}
          >
            <Icon size={13} aria-label={state} />
            <span>
              {probe.name}
              {!isLive && <em> {probe.phase}</em>}
            </span>
            <b>{observedText(probe)}</b>
            <small>
              {toleranceText(probe)}
              {probe.margin !== null && ` · ${marginText(probe)}`}
            </small>
          </li>
        );
      })}
    </ul>
  );
}
