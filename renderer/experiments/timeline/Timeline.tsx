import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { DocumentError } from '../../../engine/model/definition.ts';
import type { Experiment } from '../../../engine/model/experiment.ts';
import { jsonPath } from '../../../engine/model/json-path.ts';
import { said } from '../../i18n/said.ts';
import { type Key, useT } from '../../i18n/t.ts';
import { closeStep, useDocument } from '../../stores/document.ts';
import { useReadOnly } from '../../stores/trust.ts';
import { editExperiment } from '../experiment-edits.ts';
import { Bands } from './Bands.tsx';
import { type Drag, dragged } from './drag.ts';
import { moveStep, removeStep, reorderStep, resizePhase, resizeStep } from './edits.ts';
import type { Layout } from './layout.ts';
import { PhaseSpans } from './PhaseSpans.tsx';
import type { RunOnTimeline } from './run-on-timeline.ts';
import { StepBar } from './StepBar.tsx';
import { snapMs, ticks } from './scale.ts';
import { StepIcon } from './step-icon.tsx';
import { seconds, stepTitle } from './step-title.ts';
import { type StepPath, samePath, stepAt, stepKey } from './steps.ts';
import classes from './timeline.module.css';

const HEAD_PX = 46;
const ROW_PX = 28;
/** Lanes whose first row shows what is there anyway: the scenario, and the probes of the phases. */
const BANDS = { traffic: 1, probes: 1, faults: 0, changes: 0, flow: 0 };

interface Props {
  experiment: Experiment;
  /** Its place in the document. */
  index: number;
  layout: Layout;
  pxPerMs: number;
  selected: StepPath | null;
  problems: readonly DocumentError[];
  run: RunOnTimeline | null;
  onSelect(path: StepPath | null): void;
  /** Something is being dragged: the scale must stay as it is. */
  onDragging(is: boolean): void;
}

/** An experiment over time. Everything on it can be dragged, and done with the keyboard alone. */
export function Timeline({ experiment, index, layout, pxPerMs, selected, problems, run, onSelect, onDragging }: Props) {
  const t = useT();
  const document = useDocument((state) => state.document);
  const readOnly = useReadOnly() || run?.isLive === true;
  const content = useRef<HTMLDivElement>(null);
  const drag = useRef<{ drag: Drag; base: Experiment; fromX: number; moved: boolean } | null>(null);

  const grab = (what: Drag, event: PointerEvent): void => {
    if (event.button !== 0) return;
    if (what.mode !== 'phase') onSelect(what.path);
    if (readOnly) return;
    content.current?.setPointerCapture(event.pointerId);
    onDragging(true);
    drag.current = { drag: what, base: experiment, fromX: event.clientX, moved: false };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const held = drag.current;
    if (!held) return;
    const byPx = event.clientX - held.fromX;
    if (!held.moved && Math.abs(byPx) < 4) return;
    held.moved = true;
    const next = dragged(held.base, held.drag, byPx / pxPerMs, pxPerMs);
    editExperiment(index, () => next.experiment, { step: `drag ${index}`, name: nameOfDrag(held.drag) });
    if (next.path && !samePath(next.path, selected)) onSelect(next.path);
  };
  const letGo = (): void => {
    drag.current = null;
    onDragging(false);
    closeStep();
  };

  const change = (name: string, path: StepPath, edit: (before: Experiment) => Experiment): void =>
    editExperiment(index, edit, { name, step: `${name} ${stepKey(path)}` });

  const onKey = (path: StepPath, event: KeyboardEvent): void => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as -1 | 1 | undefined;
    const removes = event.key === 'Delete' || event.key === 'Backspace';
    if ((!by && !removes) || readOnly || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const title = titleOf(path);
    if (!by) {
      editExperiment(index, (before) => removeStep(before, path), { name: t('delete {{what}}', { what: title }) });
      onSelect(null);
      return;
    }
    const unitMs = by * snapMs(pxPerMs);
    const bar = layout.bars.find((candidate) => samePath(candidate.path, path));
    if (event.altKey) {
      const there = reorderStep(experiment, path, by);
      editExperiment(index, () => there.experiment, { name: t('reorder {{what}}', { what: title }) });
      onSelect(there.path);
      focusStep(there.path);
    } else if (event.shiftKey && bar)
      change(t('resize {{what}}', { what: title }), path, (before) =>
        resizeStep(before, path, bar.toMs - bar.fromMs + unitMs),
      );
    else change(t('move {{what}}', { what: title }), path, (before) => moveStep(before, path, unitMs));
  };
  const focusStep = (path: StepPath): void => {
    requestAnimationFrame(() =>
      content.current?.querySelector<HTMLElement>(`[data-testid="step-${stepKey(path)}"]`)?.focus(),
    );
  };

  const titleOf = (path: StepPath): string => {
    const step = stepAt(experiment, path);
    return step ? safeTitle(step) : t('step');
  };
  const safeTitle = (step: Parameters<typeof stepTitle>[0]): string => {
    try {
      return stepTitle(step, document);
    } catch {
      return step.type;
    }
  };
  const nameOfDrag = (what: Drag): string =>
    what.mode === 'phase'
      ? t('change a phase')
      : what.mode === 'move'
        ? t('move {{what}}', { what: titleOf(what.path) })
        : t('resize {{what}}', { what: titleOf(what.path) });
  const problemOf = (path: StepPath): string | null => {
    const at = jsonPath(['experiments', index, ...path], '$');
    const found = problems.find((problem) => problem.path === at || problem.path.startsWith(`${at}.`));
    return found ? `${said(found.message)}. ${said(found.nextStep)}` : null;
  };

  const tops = laneTops(layout);
  const heightPx = tops.at(-1)?.endPx ?? HEAD_PX;
  const widthPx = layout.totalMs * pxPerMs + 140;
  return (
    <div className={classes.timeline} data-testid="timeline">
      <div className={classes.gutter} style={{ height: heightPx }}>
        {tops.map(({ lane, title, topPx }) => (
          <div key={lane} style={{ top: topPx }}>
            {t(title)}
          </div>
        ))}
      </div>
      <div className={classes.scroll}>
        <div
          ref={content}
          className={classes.content}
          style={{ width: widthPx, height: heightPx }}
          onPointerMove={onPointerMove}
          onPointerUp={letGo}
          onPointerCancel={letGo}
        >
          {ticks(widthPx / pxPerMs, pxPerMs).map((tick) => (
            <div key={tick} className={classes.tick} style={{ left: tick * pxPerMs }}>
              {seconds(tick)}
            </div>
          ))}
          <PhaseSpans
            phases={layout.phases}
            pxPerMs={pxPerMs}
            now={run?.phase ?? null}
            readOnly={readOnly}
            onGrab={(field, event) => grab({ mode: 'phase', field }, event)}
            onChange={(field, toMs) =>
              editExperiment(index, (before) => resizePhase(before, field, toMs), {
                name: t('change a phase'),
                step: `phase ${field}`,
              })
            }
          />
          {tops.map(({ lane, topPx, endPx }) => (
            <div key={lane} className={classes.lane} style={{ top: topPx - 3, height: endPx - topPx }} />
          ))}
          <Bands
            experiment={experiment}
            layout={layout}
            pxPerMs={pxPerMs}
            run={run}
            topOf={(lane) => topOf(tops, lane)}
          />
          {layout.bars.map((bar) => (
            <StepBar
              key={stepKey(bar.path)}
              bar={bar}
              title={safeTitle(bar.step)}
              icon={<StepIcon step={bar.step} />}
              selected={samePath(bar.path, selected)}
              problem={problemOf(bar.path)}
              state={run?.stateOf(bar.path) ?? null}
              pxPerMs={pxPerMs}
              top={topOf(tops, bar.lane) + (bar.row + BANDS[bar.lane]) * ROW_PX}
              onSelect={() => onSelect(bar.path)}
              onGrab={(mode, event) => grab({ mode, path: bar.path }, event)}
              onKey={(event) => onKey(bar.path, event)}
            />
          ))}
          {run?.nowMs != null && (
            <div className={classes.now} style={{ left: run.nowMs * pxPerMs }} data-testid="now-line">
              <span>{t('now')}</span>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

interface LaneTop {
  lane: keyof typeof BANDS;
  title: Key;
  topPx: number;
  endPx: number;
}

function laneTops({ lanes }: Layout): LaneTop[] {
  let topPx = HEAD_PX;
  return lanes.map(({ lane, title, rows }) => {
    const from = topPx;
    topPx += Math.max(1, rows + BANDS[lane]) * ROW_PX + 6;
    return { lane, title, topPx: from, endPx: topPx };
  });
}

const topOf = (tops: readonly LaneTop[], lane: LaneTop['lane']): number =>
  tops.find((top) => top.lane === lane)?.topPx ?? HEAD_PX;
