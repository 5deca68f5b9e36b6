import type { Outcome } from './dot-flow.ts';

export interface Colors {
  ok: string;
  failed: string;
  rim: string;
}

/** Draws the mark of an outcome with its middle at 0, 0: a round dot for what went well, a cross for what failed. */
function drawMark(context: CanvasRenderingContext2D, outcome: Outcome, size: number, colors: Colors): void {
  context.beginPath();
  if (outcome === 'ok') {
    context.fillStyle = colors.ok;
    context.arc(0, 0, size, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  const arm = size * 1.15;
  context.moveTo(-arm, -arm);
  context.lineTo(arm, arm);
  context.moveTo(arm, -arm);
  context.lineTo(-arm, arm);
  context.lineCap = 'round';
  context.strokeStyle = colors.rim;
  context.lineWidth = size * 1.5;
  context.stroke();
  context.strokeStyle = colors.failed;
  context.lineWidth = size * 0.85;
  context.stroke();
}

/** Marks drawn once and then copied: hundreds of crosses in each picture would cost more than all else on the canvas. */
export interface Stamps {
  put(context: CanvasRenderingContext2D, outcome: Outcome, x: number, y: number): void;
}

/** `fineness`: pixels of the layer for each unit, so that stamps are copied and not scaled. */
export function createStamps(size: number, colors: Colors, fineness: number): Stamps {
  const side = Math.ceil(size * 4.4);
  const stamp = (outcome: Outcome): HTMLCanvasElement => {
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(side * fineness);
    canvas.height = Math.round(side * fineness);
    const context = canvas.getContext('2d');
    context?.scale(fineness, fineness);
    context?.translate(side / 2, side / 2);
    if (context) drawMark(context, outcome, size, colors);
    return canvas;
  };
  const stamps = { ok: stamp('ok'), failed: stamp('failed') };
  return {
    put: (context, outcome, x, y) => context.drawImage(stamps[outcome], x - side / 2, y - side / 2, side, side),
  };
}
