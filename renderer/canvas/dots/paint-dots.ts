import { pointOn } from '../bezier.ts';
import { edgeCurves, labelSizes } from '../edge-curves.ts';
import { useLabelPlaces } from '../label-places-store.ts';
import { type Card, cutOut, type Surface, seenAt, seenPoint, type View } from '../surface.ts';
import { dotFlow } from './flow.ts';
import { drawMark } from './marks.ts';

/** Larger is not clearer, smaller is not seen. */
const sizeAt = (zoom: number): number => Math.min(4, Math.max(1.8, 3.4 * zoom));

/** Draws the dots that are on their way. */
export function paintDots(
  surface: Surface,
  view: View,
  { nowMs, cards }: { nowMs: number; cards: readonly Card[] },
): void {
  const { context } = surface;
  const colors = {
    ok: surface.color('--chart-ok'),
    failed: surface.color('--state-dead'),
    rim: surface.color('--app-surface'),
  };
  const size = sizeAt(view.zoom);
  dotFlow.each(nowMs, (edge, progress, { outcome }) => {
    const curve = edgeCurves.get(edge);
    if (!curve) return;
    const { x, y } = seenPoint(curve, progress, view);
    if (x < -size || y < -size || x > view.width + size || y > view.height + size) return;
    drawMark(context, { outcome, x, y, size }, colors);
  });
  cutOut(
    surface,
    [...cards, ...labels()].flatMap((card) => seenAt(card, view) ?? []),
  );
}

/** Dots go below labels, too. */
function labels(): Card[] {
  const { places } = useLabelPlaces.getState();
  return [...labelSizes].flatMap(([id, { width, height }]) => {
    const curve = edgeCurves.get(id);
    if (!curve) return [];
    const { x, y } = pointOn(curve, places.get(id) ?? 0.5);
    return { id, x: x - width / 2, y: y - height / 2, width, height };
  });
}
