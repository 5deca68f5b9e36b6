import { edgeCurves } from '../edge-curves.ts';
import { type Surface, seenPoint, type View } from '../surface.ts';
import { dotFlow } from './flow.ts';
import { hiddenPartsOf, isHidden } from './hidden-parts.ts';
import { createStamps, type Stamps } from './marks.ts';

/** Larger is not clearer, smaller is not seen. Halves of pixels, so that a zoom needs few stamps. */
const sizeAt = (zoom: number): number => Math.round(Math.min(4, Math.max(1.8, 3.4 * zoom)) * 2) / 2;

const stampsOf = new WeakMap<Surface, Map<number, Stamps>>();

function stampsFor(surface: Surface, size: number): Stamps {
  const bySize = stampsOf.get(surface) ?? new Map<number, Stamps>();
  stampsOf.set(surface, bySize);
  let stamps = bySize.get(size);
  if (!stamps) {
    stamps = createStamps(
      size,
      {
        ok: surface.color('--chart-ok'),
        failed: surface.color('--state-dead'),
        rim: surface.color('--app-surface'),
      },
      surface.pixelRatio(),
    );
    bySize.set(size, stamps);
  }
  return stamps;
}

/** Draws the dots that are on their way, but for those below cards and labels. */
export function paintDots(surface: Surface, view: View, nowMs: number): void {
  const size = sizeAt(view.zoom);
  const stamps = stampsFor(surface, size);
  dotFlow.each(nowMs, (edge, progress, { outcome }) => {
    const curve = edgeCurves.get(edge);
    if (!curve || isHidden(hiddenPartsOf.get(edge), progress)) return;
    const { x, y } = seenPoint(curve, progress, view);
    if (x < -size || y < -size || x > view.width + size || y > view.height + size) return;
    stamps.put(surface.context, outcome, x, y);
  });
}
