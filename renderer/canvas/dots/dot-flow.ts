import type { EngineFrame } from '../../../engine/api/types.ts';

export type Outcome = 'ok' | 'failed';

/** A dot on its way from caller to callee. It stands for `weight` requests that ended. */
export interface Dot {
  bornMs: number;
  outcome: Outcome;
  weight: number;
}

/** How many requests one dot of each shape stands for now. */
export type Scale = Record<Outcome, number>;

export interface DotFlow {
  /** Takes the counters of a frame that is shown from `nowMs` on, and plans the dots of what they grew by. */
  add(frame: Pick<EngineFrame, 'atMs' | 'topology' | 'edges'>, nowMs: number): void;
  /** Visits each dot that is on its way, with how far it is, 0 to 1. Those that arrived are forgotten. */
  each(nowMs: number, visit: (edge: string, progress: number, dot: Dot) => void): void;
  scale(): Scale;
  /** Whether something is on its way or about to be. */
  busy(): boolean;
  clear(): void;
}

/** From one end of an edge to the other, whatever its length. */
const TRAVEL_MS = 1200;
/** More at once than an eye can follow, or a slow machine can draw. */
const MOST_AT_ONCE = 450;
/** More than that on one edge are a line. */
const MOST_ON_EDGE = 40;
/** Rates are judged over about so long: a lump in one frame changes no scale. */
const JUDGED_MS = 1000;
/** A rush is met at once with this share of its rate. */
const SUDDEN = 0.4;
/** A gap that is longer is a jump of the display, not traffic. */
const LONGEST_GAP_MS = 1500;
/** A finer scale is taken only when it would stay well below the limit, so that the legend does not flicker. */
const ROOM = 0.55;

const outcomes: readonly Outcome[] = ['ok', 'failed'];

interface EdgeFlow {
  counted: Record<Outcome, number>;
  /** Requests that were counted and are not yet in a dot. */
  rest: Record<Outcome, number>;
  /** Counted per second, smoothed. */
  perSec: Record<Outcome, number>;
  /** In the order of their birth. */
  dots: Dot[];
}

/** 1, 2, 5, 10, 20, 50 … */
export function niceScale(atLeast: number): number {
  for (let power = 1; ; power *= 10) for (const step of [1, 2, 5]) if (step * power >= atLeast) return step * power;
}

/** Dots whose number is that of the counters: what an edge counted is in its dots, but for a rest smaller than one dot. */
export function createDotFlow(): DotFlow {
  const edges = new Map<string, EdgeFlow>();
  let shown: { atMs: number } | null = null;
  let scale: Scale = { ok: 1, failed: 1 };
  let alive = 0;
  let judgedMs = 0;
  let addedAtMs = Number.NEGATIVE_INFINITY;
  /** Time of frames that came while the display stood still. */
  let stalledMs = 0;

  const clear = (): void => {
    edges.clear();
    shown = null;
    scale = { ok: 1, failed: 1 };
    alive = 0;
    judgedMs = 0;
  };

  /** Requests per dot so that neither the canvas nor one edge is crowded. */
  function rescale(grown: ReadonlyMap<string, Record<Outcome, number>>, elapsedMs: number): void {
    judgedMs += elapsedMs;
    // The first second is judged by what there is of it.
    const weight = Math.max(1 - Math.exp(-elapsedMs / JUDGED_MS), elapsedMs / Math.max(elapsedMs, judgedMs));
    for (const outcome of outcomes) {
      let all = 0;
      let most = 0;
      for (const [id, { perSec }] of edges) {
        const now = ((grown.get(id)?.[outcome] ?? 0) * 1000) / elapsedMs;
        perSec[outcome] += (now - perSec[outcome]) * weight;
        const judged = Math.max(perSec[outcome], now * SUDDEN);
        all += judged;
        most = Math.max(most, judged);
      }
      const travelSec = TRAVEL_MS / 1000;
      const needed = Math.max((all * travelSec) / MOST_AT_ONCE, (most * travelSec) / MOST_ON_EDGE);
      if (needed > scale[outcome]) scale = { ...scale, [outcome]: niceScale(needed) };
      else if (niceScale(needed / ROOM) < scale[outcome]) scale = { ...scale, [outcome]: niceScale(needed / ROOM) };
    }
  }

  return {
    add(frame, nowMs) {
      if (frame.topology === 'stopped') return clear();
      const elapsedMs = shown ? frame.atMs - shown.atMs : 0;
      if (elapsedMs < 0 || elapsedMs > LONGEST_GAP_MS) clear();
      const isFirst = shown === null;
      shown = { atMs: frame.atMs };
      const grown = new Map<string, Record<Outcome, number>>();
      for (const [id, { requests, errors }] of Object.entries(frame.edges)) {
        const counted = { ok: requests - errors, failed: errors };
        const flow = edges.get(id);
        // What was counted before the display looked is past.
        if (!flow || isFirst) {
          edges.set(id, { counted, rest: { ok: 0, failed: 0 }, perSec: { ok: 0, failed: 0 }, dots: [] });
          continue;
        }
        // Counters of callers that began anew never run backwards.
        const growth = {
          ok: Math.max(0, counted.ok - flow.counted.ok),
          failed: Math.max(0, counted.failed - flow.counted.failed),
        };
        flow.counted = counted;
        if (growth.ok + growth.failed > 0) grown.set(id, growth);
      }
      if (elapsedMs <= 0) return;
      // A window that is hidden, or a scrubbed replay, draws nothing: what is counted meanwhile is past.
      stalledMs = nowMs > addedAtMs ? 0 : stalledMs + elapsedMs;
      addedAtMs = nowMs;
      if (stalledMs > LONGEST_GAP_MS) return clear();
      rescale(grown, elapsedMs);
      for (const [id, growth] of grown) {
        const flow = edges.get(id) as EdgeFlow;
        for (const outcome of outcomes) {
          flow.rest[outcome] += growth[outcome];
          const weight = scale[outcome];
          const count = Math.floor(flow.rest[outcome] / weight);
          flow.rest[outcome] -= count * weight;
          for (let index = 0; index < count; index += 1)
            flow.dots.push({ bornMs: nowMs + ((index + 0.5) / count) * elapsedMs, outcome, weight });
          alive += count;
        }
        flow.dots.sort((a, b) => a.bornMs - b.bornMs);
      }
    },

    each(nowMs, visit) {
      for (const [id, { dots }] of edges) {
        let gone = 0;
        for (const dot of dots) {
          if (dot.bornMs > nowMs) break;
          const progress = (nowMs - dot.bornMs) / TRAVEL_MS;
          if (progress >= 1) gone += 1;
          else visit(id, progress, dot);
        }
        if (gone > 0) {
          dots.splice(0, gone);
          alive -= gone;
        }
      }
    },

    scale: () => scale,
    busy: () => alive > 0,
    clear,
  };
}
