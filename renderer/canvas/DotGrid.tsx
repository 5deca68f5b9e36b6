import { useId, useLayoutEffect, useRef } from 'react';
import { useStoreApi } from 'reactflow';
import classes from './Canvas.module.css';

/** Between two dots, and across one, at zoom 1. */
const GAP_PX = 22;
const DOT_PX = 1.6;

const moduloOf = (value: number, by: number): number => ((value % by) + by) % by;

/**
 * The dots behind the canvas. While it is panned their picture is moved by less than one gap, which repeats it; only another
 * zoom draws it anew. React Flow's own background is drawn anew, all of it, with each step of a pan.
 */
export function DotGrid() {
  const id = useId();
  const store = useStoreApi();
  const [svg, pattern, dot] = [
    useRef<SVGSVGElement>(null),
    useRef<SVGPatternElement>(null),
    useRef<SVGCircleElement>(null),
  ];

  useLayoutEffect(() => {
    let drawnZoom = Number.NaN;
    const show = (): void => {
      const [x, y, zoom] = store.getState().transform;
      const gap = GAP_PX * zoom;
      if (!svg.current || !pattern.current || !dot.current) return;
      if (zoom !== drawnZoom) {
        drawnZoom = zoom;
        for (const side of ['width', 'height']) pattern.current.setAttribute(side, String(gap));
        // A dot in the middle of each tile, which begins half a gap before the origin: dots lie on whole gaps.
        for (const side of ['x', 'y']) {
          pattern.current.setAttribute(side, String(-gap / 2));
          dot.current.setAttribute(`c${side}`, String(gap / 2));
        }
        dot.current.setAttribute('r', String((DOT_PX / 2) * zoom));
        svg.current.style.inset = `${-gap}px`;
        for (const side of ['width', 'height'] as const) svg.current.style[side] = `calc(100% + ${2 * gap}px)`;
      }
      svg.current.style.transform = `translate(${moduloOf(x, gap)}px, ${moduloOf(y, gap)}px)`;
    };
    show();
    return store.subscribe(show);
  }, [store, svg, pattern, dot]);

  return (
    <svg ref={svg} className={classes.grid} aria-hidden>
      <pattern ref={pattern} id={id} patternUnits="userSpaceOnUse">
        <circle ref={dot} />
      </pattern>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
