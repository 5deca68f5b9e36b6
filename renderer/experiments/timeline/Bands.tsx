import { IconCheck, IconX } from '@tabler/icons-react';
import type { Experiment } from '../../../engine/model/experiment.ts';
import { useT } from '../../i18n/t.ts';
import type { Lane } from './lanes.ts';
import type { Layout, PhaseSpan } from './layout.ts';
import type { RunOnTimeline } from './run-on-timeline.ts';
import { asList } from './steps.ts';
import classes from './timeline.module.css';

interface Props {
  experiment: Experiment;
  layout: Layout;
  pxPerMs: number;
  run: RunOnTimeline | null;
  topOf(lane: Lane): number;
}

/** What is there without a step: the scenario that is sent, and the probes of each phase. */
export function Bands({ experiment, layout, pxPerMs, run, topOf }: Props) {
  const t = useT();
  const span = (phase: PhaseSpan['phase']) => layout.phases.find((candidate) => candidate.phase === phase);
  const hypothesis = asList(experiment.steadyStateHypothesis?.probes).length;
  const bands = [
    { phase: 'steady-state', when: 'before', count: hypothesis },
    { phase: 'method', when: 'during', count: asList(experiment.during).length },
    { phase: 'recovery', when: 'after', count: hypothesis + asList(experiment.recovering).length },
  ] as const;
  const recovery = span('recovery');
  return (
    <>
      <div
        className={classes.band}
        style={{ left: 0, width: (recovery?.toMs ?? layout.totalMs) * pxPerMs - 2, top: topOf('traffic') }}
      >
        {experiment.scenario}
      </div>
      {bands.map(({ phase, when, count }) => {
        const at = span(phase);
        if (!at || count === 0) return null;
        const holds = run?.holds(when) ?? null;
        return (
          <div
            key={phase}
            className={classes.band}
            data-holds={holds}
            style={{ left: at.fromMs * pxPerMs, width: (at.toMs - at.fromMs) * pxPerMs - 2, top: topOf('probes') }}
          >
            {holds === true && <IconCheck size={13} aria-label={t('hold')} />}
            {holds === false && <IconX size={13} aria-label={t('do not hold')} />}
            {when === 'before'
              ? t('{{count}} probes before', { count })
              : when === 'during'
                ? t('{{count}} probes during', { count })
                : t('{{count}} probes after', { count })}
          </div>
        );
      })}
    </>
  );
}
