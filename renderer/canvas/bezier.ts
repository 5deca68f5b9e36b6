export interface Point {
  x: number;
  y: number;
}

/** Start, two control points and end of a cubic Bézier curve: x, y, x, y … */
export type Bezier = readonly number[];

/** The curve of an SVG path "Mx,y Cx,y x,y x,y", as React Flow makes them. */
export const bezierOf = (path: string): Bezier => (path.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);

export function pointOn(curve: Bezier, progress: number): Point {
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = curve;
  const rest = 1 - progress;
  const [a, b, c, d] = [rest ** 3, 3 * rest * rest * progress, 3 * rest * progress * progress, progress ** 3];
  return { x: a * x0 + b * x1 + c * x2 + d * x3, y: a * y0 + b * y1 + c * y2 + d * y3 };
}
