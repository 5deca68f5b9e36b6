import type { Outcome } from './dot-flow.ts';

export interface Colors {
  ok: string;
  failed: string;
  rim: string;
}

/** Draws the mark of an outcome: a round dot for what went well, a cross for what failed. */
export function drawMark(
  context: CanvasRenderingContext2D,
  { outcome, x, y, size }: { outcome: Outcome; x: number; y: number; size: number },
  colors: Colors,
): void {
  if (outcome === 'ok') {
    context.fillStyle = colors.ok;
    context.beginPath();
    context.arc(x, y, size, 0, 2 * Math.PI);
    context.fill();
    return;
  }
  const arm = size * 1.15;
  context.beginPath();
  context.moveTo(x - arm, y - arm);
  context.lineTo(x + arm, y + arm);
  context.moveTo(x + arm, y - arm);
  context.lineTo(x - arm, y + arm);
  context.lineCap = 'round';
  context.strokeStyle = colors.rim;
  context.lineWidth = size * 1.5;
  context.stroke();
  context.strokeStyle = colors.failed;
  context.lineWidth = size * 0.85;
  context.stroke();
}
