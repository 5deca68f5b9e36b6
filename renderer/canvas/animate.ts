import { wantsLessMotion } from '../display/reduced-motion.ts';

type Point = { x: number; y: number };
type Show = (places: ReadonlyMap<string, Point> | null) => void;

const DURATION_MS = 320;

let show: Show = () => {};

/** Set by the canvas: draws cards in places that the document does not have yet; null ends that. */
export const onMovesShown = (answer: Show): void => {
  show = answer;
};

/** Cards glide from where they are to where they will be; those who want less motion see them jump. Resolves when they are there. */
export function animateMoves(to: ReadonlyMap<string, Point>, from: ReadonlyMap<string, Point>): Promise<void> {
  if (from.size === 0 || wantsLessMotion()) return Promise.resolve();
  return new Promise((resolve) => {
    const startedAtMs = performance.now();
    const step = () => {
      const passed = Math.min(1, (performance.now() - startedAtMs) / DURATION_MS);
      const eased = 1 - (1 - passed) ** 3;
      const places = new Map<string, Point>();
      for (const [id, { x, y }] of to) {
        const at = from.get(id);
        if (at) places.set(id, { x: at.x + (x - at.x) * eased, y: at.y + (y - at.y) * eased });
      }
      show(places);
      if (passed < 1) requestAnimationFrame(step);
      else {
        show(null);
        resolve();
      }
    };
    requestAnimationFrame(step);
  });
}
