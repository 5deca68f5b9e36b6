/** What a person does meanwhile, one small move for each drawn frame, and how many were drawn. */
export interface Rate {
  framesPerSec: number;
  /** The longest time between two of them. */
  longestMs: number;
}

/** Counts drawn frames for so long; `move` is called before each. */
export function rateOf(durationMs: number, move: (frame: number) => void): Promise<Rate> {
  return new Promise((resolve) => {
    let frames = 0;
    let [startMs, beforeMs, longestMs] = [0, 0, 0];
    const step = (nowMs: number): void => {
      if (startMs === 0) startMs = nowMs;
      else longestMs = Math.max(longestMs, nowMs - beforeMs);
      beforeMs = nowMs;
      if (nowMs - startMs >= durationMs) {
        resolve({ framesPerSec: (frames * 1000) / (nowMs - startMs), longestMs });
        return;
      }
      frames += 1;
      move(frames);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}

/** To and fro in a circle. */
const around = (frame: number, radius: number) => ({
  x: radius * Math.sin(frame / 12),
  y: radius * (Math.cos(frame / 12) - 1) * 0.6,
});

const mouse = (type: string, target: EventTarget, x: number, y: number, buttons: number): boolean =>
  target.dispatchEvent(
    new MouseEvent(type, { view: window, bubbles: true, cancelable: true, clientX: x, clientY: y, button: 0, buttons }),
  );

/** Drags with the mouse from a place, in a circle, and lets go. */
async function drag(
  target: Element,
  from: { x: number; y: number },
  radius: number,
  durationMs: number,
): Promise<Rate> {
  mouse('mousedown', target, from.x, from.y, 1);
  const rate = await rateOf(durationMs, (frame) => {
    const { x, y } = around(frame, radius);
    mouse('mousemove', window, from.x + x, from.y + y, 1);
  });
  mouse('mouseup', window, from.x, from.y, 0);
  return rate;
}

export function pan(durationMs: number): Promise<Rate> {
  const pane = document.querySelector('.react-flow__pane');
  if (!pane) throw new Error('no canvas is shown');
  return drag(pane, { x: 12, y: 300 }, 60, durationMs);
}

/** Drags the card that is nearest to the middle of the window. */
export function dragCard(durationMs: number): Promise<Rate> {
  const middle = { x: innerWidth / 2, y: innerHeight / 2 };
  const places = [...document.querySelectorAll('.react-flow__node')].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const center = { x: x + width / 2, y: y + height / 2 };
    return { element, center, distance: Math.hypot(center.x - middle.x, center.y - middle.y) };
  });
  const nearest = places.sort((a, b) => a.distance - b.distance)[0];
  if (!nearest) throw new Error('no card is shown');
  return drag(nearest.element, nearest.center, 60, durationMs);
}
