import type { Bezier } from './bezier.ts';

/** The curves of the edges that are drawn, by id, in the canvas's own measure. What paints on the canvas reads them. */
export const edgeCurves = new Map<string, Bezier>();

const listeners = new Set<() => void>();

export function setCurve(id: string, curve: Bezier): () => void {
  edgeCurves.set(id, curve);
  for (const listener of listeners) listener();
  return () => {
    if (edgeCurves.get(id) === curve) edgeCurves.delete(id);
  };
}

export function onCurvesChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
