import type { createEngine } from '../engine/api/create-engine.ts';
import type { ArchipelDocument } from '../engine/model/document.ts';

const WITHIN_MS = 60_000;

/** Tells the engine what is on the canvas, and waits until it has so many idle processes. */
export async function prepare(
  engine: Awaited<ReturnType<typeof createEngine>>,
  document: ArchipelDocument,
  count: number,
): Promise<void> {
  await engine.prepareTopology(document);
  const untilMs = performance.now() + WITHIN_MS;
  while (engine.frame().idleProcesses < count) {
    if (performance.now() > untilMs) throw new Error('no idle processes came');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
