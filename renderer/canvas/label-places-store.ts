import { create } from 'zustand';

/** Along its curve, where the label of each edge stands. */
export const useLabelPlaces = create<{ places: ReadonlyMap<string, number> }>()(() => ({ places: new Map() }));
