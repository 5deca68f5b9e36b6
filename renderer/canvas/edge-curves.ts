import type { Bezier } from './bezier.ts';

/** The curves of the edges that are drawn, by id, in the canvas's own measure. What paints on the canvas reads them. */
export const edgeCurves = new Map<string, Bezier>();

type Listener = () => void;

const listeners = new Set<Listener>();
const labelListeners = new Set<Listener>();

export function setCurve(id: string, curve: Bezier): () => void {
  edgeCurves.set(id, curve);
  for (const listener of listeners) listener();
  return () => {
    if (edgeCurves.get(id) === curve) edgeCurves.delete(id);
  };
}

export function onCurvesChanged(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Sizes of the labels that are drawn, by id of the edge, as they were last laid out. */
export const labelSizes = new Map<string, { width: number; height: number }>();

let observer: ResizeObserver | undefined;
const edgeOf = new WeakMap<Element, string>();

/** Keeps the size of a label, without asking for it: that would lay the canvas out anew. */
export function watchLabel(id: string, element: Element): () => void {
  observer ??= new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const [size] = borderBoxSize;
      const edge = edgeOf.get(target);
      if (edge !== undefined && size) labelSizes.set(edge, { width: size.inlineSize, height: size.blockSize });
    }
    for (const listener of labelListeners) listener();
  });
  edgeOf.set(element, id);
  observer.observe(element);
  return () => {
    observer?.unobserve(element);
    labelSizes.delete(id);
  };
}

export function onLabelsChanged(listener: Listener): () => void {
  labelListeners.add(listener);
  return () => labelListeners.delete(listener);
}
