import { type Bezier, pointOn } from './bezier.ts';

/** What part of the canvas is seen: its size in CSS pixels, and where and how large the canvas lies in it. */
export interface View {
  width: number;
  height: number;
  x: number;
  y: number;
  zoom: number;
}

/** A card in the canvas's own measure. */
export interface Card {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Surface {
  context: CanvasRenderingContext2D;
  color(name: string): string;
  /** Pixels for each CSS pixel. */
  pixelRatio(): number;
  /** Moves what was painted, without painting it anew. */
  shift(x: number, y: number): void;
  /** Empties it, with one unit for each CSS pixel. */
  clear(view: View): void;
}

/** Finer than this costs time that an eye does not see. */
const MOST_PIXELS = 1.5;

export function createSurface(canvas: HTMLCanvasElement): Surface {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser draws no 2D canvas.');
  const style = getComputedStyle(canvas);
  const colors = new Map<string, string>();
  const pixelRatio = (): number => Math.min(MOST_PIXELS, devicePixelRatio);
  return {
    context,
    pixelRatio,
    color(name) {
      const color = colors.get(name) ?? style.getPropertyValue(name).trim();
      colors.set(name, color);
      return color;
    },
    shift(x, y) {
      canvas.style.transform = x === 0 && y === 0 ? '' : `translate(${x}px, ${y}px)`;
    },
    clear({ width, height }) {
      const ratio = pixelRatio();
      const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== columns || canvas.height !== rows) {
        canvas.width = columns;
        canvas.height = rows;
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
    },
  };
}

/** Where a card is seen; null when it is not. */
export function seenAt(card: Card, view: View): Card | null {
  const seen = {
    id: card.id,
    x: card.x * view.zoom + view.x,
    y: card.y * view.zoom + view.y,
    width: card.width * view.zoom,
    height: card.height * view.zoom,
  };
  const isSeen = seen.x < view.width && seen.y < view.height && seen.x + seen.width > 0 && seen.y + seen.height > 0;
  return isSeen ? seen : null;
}

/** Takes what was painted off the cards again, so that it seems to lie below them. */
export function cutOut({ context }: Surface, seen: readonly Card[]): void {
  for (const { x, y, width, height } of seen) context.clearRect(x, y, width, height);
}

/** Where on the screen a curve is at a part of its way. */
export function seenPoint(curve: Bezier, progress: number, view: View): { x: number; y: number } {
  const { x, y } = pointOn(curve, progress);
  return { x: x * view.zoom + view.x, y: y * view.zoom + view.y };
}
