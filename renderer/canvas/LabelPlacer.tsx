import { useEffect } from 'react';
import { useStoreApi } from 'reactflow';
import { useDisplay } from '../display/display.ts';
import { useDocument } from '../stores/document.ts';
import { pointOn } from './bezier.ts';
import { useDetail } from './detail.ts';
import { hiddenParts, hiddenPartsOf } from './dots/hidden-parts.ts';
import { edgeCurves, labelSizes, onCurvesChanged, onLabelsChanged } from './edge-curves.ts';
import { placeLabels } from './label-places.ts';
import { useLabelPlaces } from './label-places-store.ts';
import { createRectGrid, type Rect } from './rect-grid.ts';

/** After what changed last: a card that is being dragged pulls its labels along, and they are placed when it rests. */
const REST_MS = 90;

/** About as large as a label is with all its figures: one that was measured before they came is not smaller. */
const LEAST = {
  full: { width: 64, height: 42 },
  far: { width: 92, height: 24 },
  idle: { width: 22, height: 16 },
} as const;

/** Where the labels are then. */
function placeAll(cards: readonly Rect[], size: keyof typeof LEAST): Rect[] {
  const least = LEAST[size];
  const edges = [...edgeCurves].map(([id, curve]) => {
    const { width, height } = labelSizes.get(id) ?? least;
    return { id, curve, width: Math.max(least.width, width), height: Math.max(least.height, height) };
  });
  const places = placeLabels(edges, cards);
  useLabelPlaces.setState({ places });
  return edges.map(({ id, curve, width, height }) => {
    const { x, y } = pointOn(curve, places.get(id) ?? 0.5);
    return { x: x - width / 2, y: y - height / 2, width, height };
  });
}

/** Keeps labels off the cards, and off each other, where there is room. */
export function LabelPlacer() {
  const store = useStoreApi();
  const detail = useDetail((state) => state.detail);
  const running = useDisplay(({ frame }) => frame !== null && frame.topology !== 'stopped');

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const place = () => {
      timer = undefined;
      const cards: Rect[] = [];
      for (const { type, measured, internals } of store.getState().nodeLookup.values())
        if (type === 'card')
          cards.push({
            ...internals.positionAbsolute,
            width: measured.width ?? 0,
            height: measured.height ?? 0,
          });
      const labels = detail === 'box' ? [] : placeAll(cards, running ? detail : 'idle');
      const covers = createRectGrid([...cards, ...labels]);
      hiddenPartsOf.clear();
      for (const [id, curve] of edgeCurves) hiddenPartsOf.set(id, hiddenParts(curve, covers));
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(place, REST_MS);
    };
    later();
    const ends = [onCurvesChanged(later), onLabelsChanged(later), useDocument.subscribe(later)];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [store, detail, running]);
  return null;
}
