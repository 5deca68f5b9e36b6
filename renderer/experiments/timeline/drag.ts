import type { Experiment } from '../../../engine/model/experiment.ts';
import { moveStep, reorderStep, resizePhase, resizeStep } from './edits.ts';
import { type Layout, layoutOf, type PhaseSpan } from './layout.ts';
import { snapped } from './scale.ts';
import { asMs, type StepPath, samePath, stepAt } from './steps.ts';

export type Drag =
  | { mode: 'move' | 'resize'; path: StepPath }
  | { mode: 'phase'; field: NonNullable<PhaseSpan['field']> };

interface Dragged {
  experiment: Experiment;
  path: StepPath | null;
}

/** Times that a bar may snap to: where others begin and end. */
const edgesOf = ({ bars, phases }: Layout, path: StepPath | null): number[] => [
  ...bars.filter((bar) => !samePath(bar.path, path)).flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
  ...phases.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
];

/**
 * The experiment after something was dragged by so much. To the right a step gets a longer pause before it; to the left
 * the pause goes, and then it changes places with the steps whose middle it has passed.
 */
export function dragged(base: Experiment, drag: Drag, byMs: number, pxPerMs: number): Dragged {
  const layout = layoutOf(base);
  if (drag.mode === 'phase') {
    const span = layout.phases.find(({ field }) => field === drag.field);
    if (!span) return { experiment: base, path: null };
    const toMs = snapped(span.toMs + byMs, [], pxPerMs, span.fromMs);
    return { experiment: resizePhase(base, drag.field, toMs - span.fromMs), path: null };
  }
  const { path } = drag;
  const bar = layout.bars.find((candidate) => samePath(candidate.path, path));
  const step = stepAt(base, path);
  if (!bar || !step) return { experiment: base, path };
  const edges = edgesOf(layout, path);
  if (drag.mode === 'resize') {
    const toMs = snapped(bar.toMs + byMs, edges, pxPerMs, bar.fromMs);
    return { experiment: resizeStep(base, path, toMs - bar.fromMs), path };
  }
  const toMs = snapped(bar.fromMs + byMs, edges, pxPerMs, bar.fromMs);
  const pauseMs = asMs(step.pauses?.beforeMs);
  if (toMs >= bar.fromMs - pauseMs) return { experiment: moveStep(base, path, toMs - bar.fromMs), path };
  let now: Dragged = { experiment: moveStep(base, path, -pauseMs), path };
  for (let index = Number(path.at(-1)) - 1; index >= 0; index--) {
    const sibling = layout.bars.find((other) => samePath(other.path, [...path.slice(0, -1), index]));
    if (!sibling || toMs > (sibling.fromMs + sibling.toMs) / 2) break;
    now = reorderStep(now.experiment, now.path as StepPath, -1);
  }
  return now;
}
