import { type FailureReason, failureKey } from '../metrics/failure-reason.ts';
import { createHistogram, type Histogram, record, reset, toSparse } from '../metrics/histogram.ts';
import { SLICE_MS, type TrafficSlice } from '../process-kit/protocol.ts';

/** What happened to the requests of one route whose intended start lies in one slice of time. */
export interface Cell {
  readonly slice: number;
  readonly route: number;
  issued: number;
  ok: number;
  dropped: number;
  readonly failed: Record<string, number>;
  /** Set by the first latency. */
  latency: Histogram | null;
  /** Requests whose outcome is still open. */
  open: number;
  changed: boolean;
}

export interface Recorder {
  /** The cell of an arrival; arrivals come in the order of their intended start. */
  cellOf(sinceStartMs: number, route: number): Cell;
  issued(cell: Cell): void;
  ok(cell: Cell, latencyMs: number): void;
  failed(cell: Cell, reason: FailureReason, hop: string): void;
  dropped(cell: Cell): void;
  /** The slices that changed since the last call. */
  takeChanged(): TrafficSlice[];
}

export function createRecorder(options: { routes: number }): Recorder {
  /** Cells that may still change; the others were sent and are forgotten. */
  const live = new Set<Cell>();
  let newestSlice = -1;
  let newest: (Cell | undefined)[] = [];
  /** Histograms of forgotten cells, empty again: a traffic needs a few for each route, however long it lasts. */
  const spare: Histogram[] = [];

  function close(cell: Cell): void {
    cell.open -= 1;
    cell.changed = true;
  }

  return {
    cellOf(sinceStartMs, route) {
      const slice = Math.floor(sinceStartMs / SLICE_MS);
      if (slice !== newestSlice) {
        newestSlice = slice;
        newest = new Array(options.routes);
      }
      let cell = newest[route];
      if (!cell) {
        cell = { slice, route, issued: 0, ok: 0, dropped: 0, failed: {}, latency: null, open: 0, changed: false };
        newest[route] = cell;
        live.add(cell);
      }
      cell.open += 1;
      return cell;
    },
    issued(cell) {
      cell.issued += 1;
      cell.changed = true;
    },
    ok(cell, latencyMs) {
      cell.ok += 1;
      cell.latency ??= spare.pop() ?? createHistogram();
      record(cell.latency, latencyMs);
      close(cell);
    },
    failed(cell, reason, hop) {
      const key = failureKey(reason, hop);
      cell.failed[key] = (cell.failed[key] ?? 0) + 1;
      close(cell);
    },
    dropped(cell) {
      cell.dropped += 1;
      close(cell);
    },
    takeChanged() {
      const slices: TrafficSlice[] = [];
      for (const cell of live) {
        if (cell.changed) {
          const { slice, route, issued, ok, dropped, failed } = cell;
          slices.push({
            slice,
            route,
            issued,
            ok,
            dropped,
            failed: { ...failed },
            latency: cell.latency ? toSparse(cell.latency) : [],
          });
          cell.changed = false;
        }
        if (cell.open > 0 || cell.slice === newestSlice) continue;
        live.delete(cell);
        if (cell.latency) {
          reset(cell.latency);
          spare.push(cell.latency);
          cell.latency = null;
        }
      }
      return slices;
    },
  };
}
