import { Tooltip } from '@mantine/core';
import type { Affected, Impact } from '../../engine/api/types.ts';
import { formatCount, formatMs } from '../ui/format.ts';
import classes from './experiments.module.css';
import { inUnit } from './probe-text.ts';

interface Figure {
  title: string;
  value: string;
  note: string;
}

/** What the faults and changes of the method did to those who use the system. */
export function ImpactFigures({ impact }: { impact: Impact }) {
  const { availability, requests, failed, errorBudget, blastRadius } = impact;
  const by = impact.detections.find((found) => found.timeToDetectMs === impact.timeToDetectMs)?.by;
  const figures: Figure[] = [
    {
      title: 'Time to detect',
      value: impact.timeToDetectMs === null ? 'not noticed' : formatMs(impact.timeToDetectMs),
      note: by ? `by “${by}”` : 'from the first effect',
    },
    {
      title: 'Time to recover',
      value: impact.timeToRecoverMs === null ? 'not recovered' : formatMs(impact.timeToRecoverMs),
      note: 'from the first effect',
    },
    {
      title: 'Availability',
      value: availability === null ? '–' : inUnit(availability, 'ratio'),
      note: `${formatCount(failed)} of ${formatCount(requests)} requests failed`,
    },
    {
      title: 'Error budget spent',
      value: errorBudget === null ? '–' : spentText(errorBudget.spent),
      note:
        errorBudget === null
          ? 'the hypothesis asks for no success ratio'
          : `${formatCount(errorBudget.failed)} failed; ${formatCount(Math.floor(errorBudget.allowed))} may at an objective of ${inUnit(errorBudget.objective, 'ratio')}`,
    },
    affected('Routes affected', blastRadius.routes),
    affected('Nodes affected', blastRadius.nodes),
  ];
  return (
    <dl className={classes.impact} data-testid="impact">
      {figures.map(({ title, value, note }) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
          <Tooltip label={note}>
            <span>{note}</span>
          </Tooltip>
        </div>
      ))}
    </dl>
  );
}

function affected(title: string, { affected: names, of, share, interval }: Affected): Figure {
  const range = `${inUnit(interval.low, 'ratio')} to ${inUnit(interval.high, 'ratio')} with 95 % confidence`;
  return {
    title,
    value: share === null ? '–' : `${names.length} of ${of.length}`,
    note: [...(names.length > 0 ? [names.join(', ')] : []), range].join(' · '),
  };
}

/** A share of the budget; beyond ten times of it, how many times. */
const spentText = (spent: number): string => (spent < 10 ? inUnit(spent, 'ratio') : `${spent.toFixed(0)} ×`);
