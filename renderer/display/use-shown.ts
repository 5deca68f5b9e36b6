import { type RefCallback, useCallback, useRef } from 'react';
import type { EngineFrame } from '../../engine/api/types.ts';
import { useLanguage } from '../i18n/language.ts';
import { shownFrame, useDisplay } from './display.ts';

/** Figures that change more often than that cannot be read. */
const FIGURES_MS = 240;

type Paint = (frame: EngineFrame | null) => void;

const painters = new Set<Paint>();
let paintedAtMs = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function paintAll(): void {
  timer = undefined;
  paintedAtMs = performance.now();
  const frame = shownFrame();
  for (const paint of painters) paint(frame);
}

useDisplay.subscribe(({ frame }, before) => {
  if (frame === before.frame || timer !== undefined) return;
  const dueInMs = paintedAtMs + FIGURES_MS - performance.now();
  if (dueInMs <= 0) paintAll();
  else timer = setTimeout(paintAll, dueInMs);
});

useLanguage.subscribe(paintAll);

/** Calls `paint` with what the canvas shows, four times a second at most, outside React. Returns how to stop. */
export function onFigures(paint: Paint): () => void {
  painters.add(paint);
  paint(shownFrame());
  return () => painters.delete(paint);
}

/** Paints figures straight into an element and what it holds, so that hundreds of cards stay smooth. */
export function useFigures<Target extends Element>(
  paint: (element: Target, frame: EngineFrame | null) => void,
): RefCallback<Target> {
  const painting = useRef(paint);
  painting.current = paint;
  return useCallback((element: Target | null) => {
    if (!element) return;
    return onFigures((frame) => painting.current(element, frame));
  }, []);
}

/** Writes a text that changes with what the canvas shows. */
export const useShownText = (read: (frame: EngineFrame | null) => string): RefCallback<HTMLElement> =>
  useFigures((element, frame) => writeText(element, read(frame)));

/** Changes the text in place: an element that is not built anew is not laid out anew. */
export function writeText(element: Element, text: string): void {
  const { firstChild } = element;
  if (firstChild?.nodeType === Node.TEXT_NODE) {
    if (firstChild.nodeValue !== text) firstChild.nodeValue = text;
  } else element.textContent = text;
}
