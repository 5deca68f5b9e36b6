import type { OpenedRecord } from '../../engine/records/record.ts';
import { engine } from '../engine-client/client.ts';
import { clearHistory, setHistoryAside } from '../metrics/live-history.ts';
import { showFrame } from '../metrics/show-frame.ts';
import { useDocument } from '../stores/document.ts';
import { type Replay, takeLive, useReplay } from '../stores/replay.ts';
import { useRun } from '../stores/run.ts';
import { showBottom, useSession } from '../stores/session.ts';
import { frameOf } from './frames.ts';
import { marksOf } from './marks.ts';

export const speeds = [0.25, 0.5, 1, 2, 5, 10];

const TICK_MS = 50;

/** Gives everything back that the replay took the place of. */
let giveBack: (() => void) | null = null;
let timer: ReturnType<typeof setInterval> | undefined;

export const canReplay = ({ summary, series }: OpenedRecord): boolean => summary.manifest !== null && series.length > 0;

/** Shows a recorded run in place of what is live. Nothing of the document or the engine is touched. */
export async function startReplay(record: OpenedRecord): Promise<void> {
  const { manifest, id } = record.summary;
  if (!manifest || !canReplay(record)) return;
  const document = await engine.records.document.query({ id });
  leaveReplay();
  const frames = record.series.map((sample) => frameOf(sample, document));
  const replay: Replay = {
    ...{ id, name: manifest.name, startedAtMs: manifest.startedAtMs, frames },
    shown: { document, edited: null },
    marks: marksOf(frames, record.events),
  };
  const { frame, lastRun, lastExperiment, lastSweep, host } = useRun.getState();
  const { selectedNodes, selectedEdges, bottomTab } = useSession.getState();
  const giveSeriesBack = setHistoryAside();
  // Another document that is opened meanwhile is what is wanted now.
  const unsubscribe = useDocument.subscribe(() => leaveReplay());
  takeLive();
  giveBack = () => {
    unsubscribe();
    giveSeriesBack();
    useSession.setState({ selectedNodes, selectedEdges, bottomTab });
    useRun.setState({ frame, lastRun, lastExperiment, lastSweep, host, ...takeLive() });
  };
  useSession.setState({ selectedNodes: [], selectedEdges: [], selectedStep: null, logNode: null, recordedLog: null });
  useRun.setState({ lastRun: null, lastExperiment: null, lastSweep: null });
  useReplay.setState({ replay, playing: false, speed: 1 });
  seek(startOf(replay));
  showBottom('traffic');
  play(true);
}

export function leaveReplay(): void {
  if (!useReplay.getState().replay) return;
  play(false);
  useReplay.setState({ replay: null });
  giveBack?.();
  giveBack = null;
}

export const startOf = ({ frames }: Replay): number => frames[0]?.atMs ?? 0;
export const endOf = ({ frames }: Replay): number => frames.at(-1)?.atMs ?? 0;

/** The newest sample that is not later. */
function indexAt({ frames }: Replay, atMs: number): number {
  const after = frames.findIndex((frame) => frame.atMs > atMs);
  return after === -1 ? frames.length - 1 : Math.max(0, after - 1);
}

/** Index of the sample that is shown; −1 when none of this replay is. */
let shownIndex = -1;
let shownReplay: Replay | null = null;

/** Goes to a time of the run and shows what was seen then, charts included. */
export function seek(atMs: number): void {
  const { replay } = useReplay.getState();
  if (!replay) return;
  const to = Math.min(endOf(replay), Math.max(startOf(replay), atMs));
  useReplay.setState({ atMs: to });
  const index = indexAt(replay, to);
  if (shownReplay === replay && shownIndex === index) return;
  const next = shownReplay === replay && index > shownIndex ? shownIndex + 1 : 0;
  if (next === 0) clearHistory();
  // Charts and rates need what came before.
  for (const frame of replay.frames.slice(next, index + 1)) showFrame(frame);
  [shownIndex, shownReplay] = [index, replay];
}

/** One sample on or back, or so many. */
export function step(samples: number): void {
  const { replay, atMs } = useReplay.getState();
  if (!replay) return;
  play(false);
  const index = Math.min(replay.frames.length - 1, Math.max(0, indexAt(replay, atMs) + samples));
  seek(replay.frames[index]?.atMs ?? atMs);
}

export function play(playing: boolean): void {
  clearInterval(timer);
  const { replay, atMs } = useReplay.getState();
  if (!replay) return;
  useReplay.setState({ playing });
  if (!playing) return;
  if (atMs >= endOf(replay)) seek(startOf(replay));
  let last = performance.now();
  timer = setInterval(() => {
    const now = performance.now();
    const { atMs: from, speed } = useReplay.getState();
    seek(from + (now - last) * speed);
    last = now;
    if (useReplay.getState().atMs >= endOf(replay)) play(false);
  }, TICK_MS);
}

/** The next thing that happened, or the one before; null where there is none. */
export function markBeside(direction: 1 | -1): Replay['marks'][number] | null {
  const { replay, atMs } = useReplay.getState();
  if (!replay) return null;
  return direction === 1
    ? (replay.marks.find(({ fromMs }) => fromMs > atMs) ?? null)
    : (replay.marks.findLast(({ fromMs }) => fromMs < atMs) ?? null);
}
