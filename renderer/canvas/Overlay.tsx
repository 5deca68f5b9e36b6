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
import { type Card, createSurface } from './surface.ts';

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
      const { width, height, transform } = store.getState();
      const view = { width, height, x: transform[0], y: transform[1], zoom: transform[2] };
      const isBox = useDetail.getState().detail === 'box';
      if (stale) {
        stale = false;
        boxSurface.clear(view);
        if (isBox) paintBoxes(boxSurface, view, cards());
      }
      const moving = dotFlow.busy() && !wantsLessMotion();
      if (moving || dotsShown) {
        dotSurface.clear(view);
        if (moving) paintDots(dotSurface, view, { nowMs: displayNowMs(), cards: cards() });
      }
      dotsShown = moving;
      const { paused, speed } = useDisplay.getState();
      if ((moving && !paused) || (speed !== 1 && !paused)) wake();
    };
    const wake = (): void => {
      request ||= requestAnimationFrame(tick);
    };
    const repaint = (): void => {
      stale = true;
      wake();
    };
    const ends = [
      store.subscribe(repaint),
      useDisplay.subscribe(wake),
      useDetail.subscribe(repaint),
      onFigures(repaint),
      onCurvesChanged(repaint),
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
