import { canvasViewport } from '../canvas/viewport.ts';
import { useSession } from '../stores/session.ts';

const REGIONS = [
  'header',
  '[data-region="palette"]',
  '[data-region="canvas"]',
  '[data-region="inspector"]',
  '[data-region="measurements"]',
];
const FOCUSABLE = 'input:not(:disabled), button:not(:disabled), textarea, [tabindex="0"]';

/** Gives the keyboard to the next part of the window, or the one before; on the canvas to what is selected. */
export function goToRegion(step: 1 | -1): void {
  const at = REGIONS.findIndex((region) => document.activeElement?.closest(region));
  // From nowhere on, the canvas comes first.
  const next = at === -1 ? 2 : (at + step + REGIONS.length) % REGIONS.length;
  const region = document.querySelector<HTMLElement>(REGIONS[next] as string);
  if (next === 2) {
    const first = region?.querySelector<HTMLElement>('.react-flow__node')?.dataset.id;
    canvasViewport().focus(useSession.getState().selectedNodes[0] ?? first ?? null);
  } else region?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
}
