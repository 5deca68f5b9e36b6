import { useEffect } from 'react';
import { useStoreApi } from 'reactflow';
import { useDisplay } from '../display/display.ts';
import { useDocument } from '../stores/document.ts';
import { useDetail } from './detail.ts';
import { edgeCurves, labelSizes, onCurvesChanged } from './edge-curves.ts';
import { placeLabels, type Rect } from './label-places.ts';
import { useLabelPlaces } from './label-places-store.ts';

/** After what changed last: a card that is being dragged pulls its labels along, and they are placed when it rests. */
const REST_MS = 90;

/** About as large as a label is with all its figures: one that was measured before they came is not smaller. */
const LEAST = {
  running: { width: 64, height: 42 },
  far: { width: 92, height: 24 },
  idle: { width: 22, height: 16 },
} as const;

/** Keeps labels off the cards, and off each other, where there is room. */
export function LabelPlacer() {
  const store = useStoreApi();
  const detail = useDetail((state) => state.detail);
  const running = useDisplay(({ frame }) => frame !== null && frame.topology !== 'stopped');

  useEffect(() => {
    if (detail === 'box') return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const place = () => {
      timer = undefined;
      const least = LEAST[running ? (detail === 'far' ? 'far' : 'running') : 'idle'];
      const cards: Rect[] = [];
      for (const { type, measured, internals } of store.getState().nodeLookup.values())
        if (type === 'card')
          cards.push({
            ...internals.positionAbsolute,
            width: measured.width ?? 0,
            height: measured.height ?? 0,
          });
      const edges = [...edgeCurves].map(([id, curve]) => {
        const size = labelSizes.get(id) ?? least;
        const [width, height] = [Math.max(least.width, size.width), Math.max(least.height, size.height)];
        return { id, curve, width, height };
      });
      useLabelPlaces.setState({ places: placeLabels(edges, cards) });
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(place, REST_MS);
    };
    later();
    const ends = [onCurvesChanged(later), useDocument.subscribe(later)];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
    };
  }, [store, detail, running]);
  return null;
}
