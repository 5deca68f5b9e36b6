import { edgeCurves } from '../edge-curves.ts';
import { type Surface, seenPoint, type View } from '../surface.ts';
import { dotFlow } from './flow.ts';
import { hiddenPartsOf, isHidden } from './hidden-parts.ts';
import { drawMark } from './marks.ts';

/** Larger is not clearer, smaller is not seen. */
const sizeAt = (zoom: number): number => Math.min(4, Math.max(1.8, 3.4 * zoom));

/** Draws the dots that are on their way, but for those below cards and labels. */
export function paintDots(surface: Surface, view: View, nowMs: number): void {
  const colors = {
    ok: surface.color('--chart-ok'),
    failed: surface.color('--state-dead'),
    rim: surface.color('--app-surface'),
  };
  const size = sizeAt(view.zoom);
  dotFlow.each(nowMs, (edge, progress, { outcome }) => {
    const curve = edgeCurves.get(edge);
    if (!curve || isHidden(hiddenPartsOf.get(edge), progress)) return;
    const { x, y } = seenPoint(curve, progress, view);
    if (x < -size || y < -size || x > view.width + size || y > view.height + size) return;
    drawMark(surface.context, { outcome, x, y, size }, colors);
  });
}
