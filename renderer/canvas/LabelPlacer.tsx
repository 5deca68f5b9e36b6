import { useEffect } from 'react';
import { useStoreApi } from 'reactflow';
import { create } from 'zustand';
import { useDisplay } from '../display/display.ts';
import { useDocument } from '../stores/document.ts';
import { useDetail } from './detail.ts';
import { edgeCurves, onCurvesChanged } from './edge-curves.ts';
import { placeLabels, type Rect } from './label-places.ts';

/** Along its curve, where the label of each edge stands. */
export const useLabelPlaces = create<{ places: ReadonlyMap<string, number> }>()(() => ({ places: new Map() }));

/** After what changed last: a card that is being dragged pulls its labels along, and they are placed when it rests. */
const REST_MS = 90;

/** About as large as labels are; their figures change too often to be measured. */
const sizes = {
  running: { width: 78, height: 46 },
  far: { width: 112, height: 40 },
  idle: { width: 34, height: 18 },
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
      const size = sizes[running ? (detail === 'far' ? 'far' : 'running') : 'idle'];
      const cards: Rect[] = [];
      for (const { type, measured, internals } of store.getState().nodeLookup.values())
        if (type === 'card')
          cards.push({
            ...internals.positionAbsolute,
            width: measured.width ?? 0,
            height: measured.height ?? 0,
          });
      const edges = [...edgeCurves].map(([id, curve]) => ({ id, curve, ...size }));
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
