import { Tooltip } from '@mantine/core';
import type { Affected, Impact } from '../../engine/api/types.ts';
import { t, useT } from '../i18n/t.ts';
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
  const t = useT();
  const { availability, requests, failed, errorBudget, blastRadius } = impact;
  const by = impact.detections.find((found) => found.timeToDetectMs === impact.timeToDetectMs)?.by;
  const figures: Figure[] = [
    {
      title: t('Time to detect'),
      value: impact.timeToDetectMs === null ? t('not noticed') : formatMs(impact.timeToDetectMs),
      note: by ? t('by “{{by}}”', { by }) : t('from the first effect'),
    },
    {
      title: t('Time to recover'),
      value: impact.timeToRecoverMs === null ? t('not recovered') : formatMs(impact.timeToRecoverMs),
      note: t('from the first effect'),
    },
    {
      title: t('Availability'),
      value: availability === null ? '–' : inUnit(availability, 'ratio'),
      note: t('{{failed}} of {{requests}} requests failed', {
        failed: formatCount(failed),
        requests: formatCount(requests),
      }),
    },
    {
      title: t('Error budget spent'),
      value: errorBudget === null ? '–' : spentText(errorBudget.spent),
      note:
        errorBudget === null
          ? t('the hypothesis asks for no success ratio')
          : t('{{failed}} failed; {{allowed}} may at an objective of {{objective}}', {
              failed: formatCount(errorBudget.failed),
              allowed: formatCount(Math.floor(errorBudget.allowed)),
              objective: inUnit(errorBudget.objective, 'ratio'),
            }),
    },
    affected(t('Routes affected'), blastRadius.routes),
    affected(t('Nodes affected'), blastRadius.nodes),
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
  const range = t('{{low}} to {{high}} with 95 % confidence', {
    low: inUnit(interval.low, 'ratio'),
    high: inUnit(interval.high, 'ratio'),
  });
  return {
    title,
    value: share === null ? '–' : t('{{part}} of {{whole}}', { part: names.length, whole: of.length }),
    note: [...(names.length > 0 ? [names.join(', ')] : []), range].join(' · '),
  };
}

/** A share of the budget; beyond ten times of it, how many times. */
const spentText = (spent: number): string => (spent < 10 ? inUnit(spent, 'ratio') : `${spent.toFixed(0)} ×`);
