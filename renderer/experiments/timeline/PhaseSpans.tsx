import type { PointerEvent } from 'react';
import { useT } from '../../i18n/t.ts';
import type { PhaseSpan } from './layout.ts';
import { snapMs } from './scale.ts';
import { seconds } from './step-title.ts';
import classes from './timeline.module.css';

type PhaseField = NonNullable<PhaseSpan['field']>;

interface Props {
  phases: readonly PhaseSpan[];
  pxPerMs: number;
  now: string | null;
  readOnly: boolean;
  onGrab(field: PhaseField, event: PointerEvent): void;
  onChange(field: PhaseField, toMs: number): void;
}

/** The phases behind the steps; those with a length of their own end in a grip. */
export function PhaseSpans({ phases, pxPerMs, now, readOnly, onGrab, onChange }: Props) {
  const t = useT();
  return phases.map(({ phase, title, field, fromMs, toMs }) => (
    <div
      key={phase}
      className={classes.phase}
      data-phase={phase}
      data-now={phase === now}
      style={{ left: fromMs * pxPerMs, width: (toMs - fromMs) * pxPerMs }}
    >
      <span className={classes.phaseTitle} title={`${title}, ${seconds(toMs - fromMs)}`}>
        {title}
      </span>
      {field && (
        <button
          type="button"
          role="slider"
          className={classes.phaseGrip}
          disabled={readOnly}
          aria-label={t('Length of {{title}}', { title })}
          aria-valuenow={toMs - fromMs}
          aria-valuetext={seconds(toMs - fromMs)}
          onPointerDown={(event) => onGrab(field, event)}
          onKeyDown={(event) => {
            const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            if (!by) return;
            event.preventDefault();
            onChange(field, toMs - fromMs + by * snapMs(pxPerMs));
          }}
        />
      )}
    </div>
  ));
}
