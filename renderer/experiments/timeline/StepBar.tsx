import { Tooltip } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { key, useT } from '../../i18n/t.ts';
import type { Bar } from './layout.ts';
import { seconds } from './step-title.ts';
import { durationField, stepKey } from './steps.ts';
import classes from './timeline.module.css';

interface Props {
  bar: Bar;
  title: string;
  icon: React.ReactNode;
  selected: boolean;
  /** What is wrong with it, or null. */
  problem: string | null;
  /** What it does in the run that is shown; null: it is only planned. */
  state: 'running' | 'done' | 'failed' | null;
  pxPerMs: number;
  top: number;
  onSelect(): void;
  onGrab(mode: 'move' | 'resize', event: PointerEvent): void;
  onKey(event: KeyboardEvent): void;
}

const stateTitles = { running: key('running'), done: key('done'), failed: key('failed') };

/** A step on the timeline: a button that is dragged, stretched, and moved with the arrow keys. */
export function StepBar({ bar, title, icon, selected, problem, state, pxPerMs, top, ...on }: Props) {
  const t = useT();
  const { step, fromMs, toMs, atMost, lane } = bar;
  const field = durationField(step);
  const openEnd = field === 'durationMs' && (step as { durationMs?: number }).durationMs === undefined;
  const [from, length] = [seconds(fromMs), seconds(toMs - fromMs)];
  const when =
    !field || openEnd
      ? t('from {{from}}', { from })
      : atMost
        ? t('from {{from}} for at most {{length}}', { from, length })
        : t('from {{from}} for {{length}}', { from, length });
  const now = state && t(stateTitles[state]);
  return (
    <Tooltip label={problem ?? `${title}, ${when}${now ? ` · ${now}` : ''}`} openDelay={500} withinPortal>
      <button
        type="button"
        className={classes.bar}
        style={{ left: fromMs * pxPerMs, width: Math.max(22, (toMs - fromMs) * pxPerMs - 2), top }}
        data-lane={lane}
        data-type={step.type}
        data-selected={selected}
        data-invalid={problem !== null}
        data-open={openEnd || atMost}
        data-background={step.background ?? false}
        data-state={state}
        data-testid={`step-${stepKey(bar.path)}`}
        aria-label={[title, when, ...(problem ? [t('has a problem')] : []), ...(now ? [now] : [])].join(', ')}
        aria-pressed={selected}
        onClick={on.onSelect}
        onKeyDown={on.onKey}
        onPointerDown={(event) => on.onGrab('move', event)}
      >
        {problem !== null ? <IconAlertCircle size={14} aria-hidden /> : icon}
        <span className={classes.barText}>{title}</span>
        {field && !openEnd && (
          <span
            className={classes.grip}
            aria-hidden
            onPointerDown={(event) => {
              event.stopPropagation();
              on.onGrab('resize', event);
            }}
          />
        )}
      </button>
    </Tooltip>
  );
}
