import { IconCheck, IconHelp, IconX } from '@tabler/icons-react';
import type { ProbeResult } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { key, useT } from '../i18n/t.ts';
import classes from './experiments.module.css';
import { marginText, observedText, probePhases, toleranceText } from './probe-text.ts';

const standings = { unknown: key('unknown'), holds: key('holds'), broken: key('broken') };

/** How each probe stands: what was measured, what it must be, and how far it is from there. */
export function ProbeBoard({ probes, isLive }: { probes: readonly ProbeResult[]; isLive: boolean }) {
  const t = useT();
  if (probes.length === 0) return null;
  return (
    <ul
      className={classes.probes}
      aria-label={isLive ? t('Probes now') : t('Probes of the last run')}
      data-testid="probe-board"
    >
      {probes.map((probe) => {
        const state = probe.inconclusive ? 'unknown' : probe.holds ? 'holds' : 'broken';
        const Icon = { unknown: IconHelp, holds: IconCheck, broken: IconX }[state];
        return (
          <li
            key={`${probe.phase} ${probe.fault ?? ''} ${probe.name}`}
            data-state={state}
            title={
              probe.inconclusive === null
                ? t('{{name}}: {{value}}', {
                    name: probe.name,
                    value: `${observedText(probe)}, ${toleranceText(probe)}`,
                  })
                : said(probe.inconclusive)
            }
          >
            <Icon size={13} aria-label={t(standings[state])} />
            <span>
              {probe.name}
              {!isLive && <em> {t(probePhases[probe.phase])}</em>}
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
