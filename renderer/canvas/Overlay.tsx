import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useStoreApi } from 'reactflow';
import { advanceDisplay, displayNowMs, useDisplay } from '../display/display.ts';
import { wantsLessMotion } from '../display/reduced-motion.ts';
import { onFigures } from '../display/use-shown.ts';
import { useDetail } from './detail.ts';
import { dotFlow } from './dots/flow.ts';
import { paintDots } from './dots/paint-dots.ts';
import { onCurvesChanged } from './edge-curves.ts';
import classes from './Overlay.module.css';
import { paintBoxes } from './paint-boxes.ts';
import { type Card, createSurface, type View } from './surface.ts';

type Seen = { width: number; height: number; transform: [x: number, y: number, zoom: number] };

/** After the last move of the canvas. */
const REST_MS = 160;

/** So many times as long as painting took, nothing is painted again. */
const PAINT_PAUSE = 20;

/** From there on every other picture of the dots is left out. */
const SLOW_FRAME_MS = 19;

const viewOf = ({ width, height, transform: [x, y, zoom] }: Seen): View => ({ width, height, x, y, zoom });

/**
 * Two layers over cards and edges that are painted, not laid out: moving dots, and, seen from far away, edges and the
 * figures of the boxes. They share one loop, which rests when nothing changes.
 */
export function Overlay() {
  const store = useStoreApi();
  const scheme = useComputedColorScheme('light');
  const boxes = useRef<HTMLCanvasElement>(null);
  const dots = useRef<HTMLCanvasElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read from the scheme once
  useEffect(() => {
    if (!boxes.current || !dots.current) return;
    const [boxSurface, dotSurface] = [createSurface(boxes.current), createSurface(dots.current)];
    let request = 0;
    let stale = true;
    let dotsShown = false;
    let dotsSkipped = false;
    let [tickedAtMs, frameMs] = [0, 16];
    let painted: View | null = null;
    let paintableAtMs = 0;
    let seen = viewOf(store.getState());

    const cards = (): Card[] => {
      const found: Card[] = [];
      for (const { id, type, measured, internals } of store.getState().nodeLookup.values())
        if (type === 'card')
          found.push({ id, ...internals.positionAbsolute, width: measured.width ?? 0, height: measured.height ?? 0 });
      return found;
    };

    const tick = (nowMs: number): void => {
      request = 0;
      advanceDisplay(nowMs);
      const view = viewOf(store.getState());
      const isBox = useDetail.getState().detail === 'box';
      if (boxes.current && boxes.current.hidden === isBox) boxes.current.hidden = !isBox;
      const isDue = painted?.zoom !== view.zoom || (stale && nowMs >= paintableAtMs);
      if (isBox && isDue) {
        const beganMs = performance.now();
        boxSurface.clear(view);
        boxSurface.shift(0, 0);
        paintBoxes(boxSurface, view, cards());
        painted = view;
        stale = false;
        // What is painted often may take no more than a small share of the time: boxes that are dragged go first.
        paintableAtMs = nowMs + PAINT_PAUSE * (performance.now() - beganMs);
      } else if (isBox && painted) boxSurface.shift(view.x - painted.x, view.y - painted.y);
      const moving = dotFlow.busy() && !wantsLessMotion();
      // Where the window cannot keep up, what is dragged or panned goes before the dots.
      frameMs += (Math.min(100, nowMs - tickedAtMs) - frameMs) * 0.1;
      tickedAtMs = nowMs;
      dotsSkipped = frameMs > SLOW_FRAME_MS && !dotsSkipped;
      if ((moving && !dotsSkipped) || (dotsShown && !moving)) {
        dotSurface.clear(view);
        if (moving) paintDots(dotSurface, view, displayNowMs());
      }
      dotsShown = moving;
      const { paused, speed } = useDisplay.getState();
      if ((moving && !paused) || (speed !== 1 && !paused) || (isBox && stale)) wake();
    };
    const wake = (): void => {
      request ||= requestAnimationFrame(tick);
    };
    const repaint = (): void => {
      stale = true;
      wake();
    };

    // While the canvas is panned its cards are moved as one picture; when it rests they are drawn sharp again.
    let rest: ReturnType<typeof setTimeout> | undefined;
    const viewport = boxes.current.parentElement?.querySelector<HTMLElement>('.react-flow__viewport');
    const settle = () => {
      rest = undefined;
      if (viewport) viewport.style.willChange = '';
      repaint();
    };
    const onStore = () => {
      const view = viewOf(store.getState());
      const isMoved = view.x !== seen.x || view.y !== seen.y || view.zoom !== seen.zoom;
      if (!isMoved) return repaint();
      seen = view;
      if (viewport && rest === undefined) viewport.style.willChange = 'transform';
      clearTimeout(rest);
      rest = setTimeout(settle, REST_MS);
      wake();
    };
    const ends = [
      store.subscribe(onStore),
      useDisplay.subscribe(wake),
      useDetail.subscribe(repaint),
      onFigures(repaint),
      onCurvesChanged(repaint),
      () => clearTimeout(rest),
    ];
    return () => {
      cancelAnimationFrame(request);
      for (const end of ends) end();
    };
  }, [store, scheme]);

  return (
    <>
      <canvas ref={boxes} className={classes.layer} aria-hidden />
      <canvas ref={dots} className={classes.layer} data-testid="dots" aria-hidden />
    </>
  );
}
