import { type FailureReason, failureKey } from '../metrics/failure-reason.ts';
import { createHistogram, type Histogram, merge, record, reset, toSparse } from '../metrics/histogram.ts';
import { type LatenessSlice, SLICE_MS, type TrafficSlice } from '../process-kit/protocol.ts';

/** What happened to the requests of one route whose intended start lies in one slice of time. */
export interface Cell {
  readonly slice: number;
  readonly route: number;
  issued: number;
  ok: number;
  dropped: number;
  readonly failed: Record<string, number>;
  /** Set by the first latency: from the intended start, and from the actual one. */
  latency: Histogram | null;
  uncorrected: Histogram | null;
  /** Requests whose outcome is still open. */
  open: number;
  changed: boolean;
}

export interface Recorder {
  /** The cell of a request that begins now, this much after its intended start. */
  cellOf(sinceStartMs: number, route: number, lateMs: number): Cell;
  issued(cell: Cell): void;
  /** Latency from the intended start, and from the actual one. */
  ok(cell: Cell, latencyMs: number, uncorrectedMs: number): void;
  failed(cell: Cell, reason: FailureReason, hop: string): void;
  dropped(cell: Cell): void;
  /** The slices that changed since the last call. No request to come has an intended start before `settledMs`. */
  takeChanged(settledMs: number): { slices: TrafficSlice[]; lateness: LatenessSlice[] };
  /** How late requests began, over all time. */
  lateness(): Histogram;
}

/** The cells of one slice that may still change, by route, and how late its requests began. */
interface Row {
  readonly slice: number;
  readonly cells: (Cell | undefined)[];
  readonly lateness: Histogram;
  latenessChanged: boolean;
}

export function createRecorder(options: { routes: number }): Recorder {
  /** Those that may still change; the others were sent and are forgotten. */
  const live = new Map<number, Row>();
  let newest: Row | undefined;
  /** Histograms of forgotten rows, empty again: a traffic needs a few for each route, however long it lasts. */
  const spare: Histogram[] = [];
  const forgottenLateness = createHistogram();

  const empty = (): Histogram => spare.pop() ?? createHistogram();

  function rowOf(slice: number): Row {
    if (newest?.slice === slice) return newest;
    let row = live.get(slice);
    if (!row) {
      row = { slice, cells: new Array(options.routes), lateness: empty(), latenessChanged: false };
      live.set(slice, row);
    }
    if (!newest || slice > newest.slice) newest = row;
    return row;
  }

  function close(cell: Cell): void {
    cell.open -= 1;
    cell.changed = true;
  }

  function forget(row: Row): void {
    live.delete(row.slice);
    merge(forgottenLateness, row.lateness);
    for (const histogram of [row.lateness, ...row.cells.flatMap((cell) => [cell?.latency, cell?.uncorrected])])
      if (histogram) {
        reset(histogram);
        spare.push(histogram);
      }
  }

  return {
    cellOf(sinceStartMs, route, lateMs) {
      const slice = Math.floor(sinceStartMs / SLICE_MS);
      const row = rowOf(slice);
      record(row.lateness, lateMs);
      row.latenessChanged = true;
      let cell = row.cells[route];
      if (!cell) {
        const counts = { issued: 0, ok: 0, dropped: 0, failed: {} };
        cell = { slice, route, ...counts, latency: null, uncorrected: null, open: 0, changed: false };
        row.cells[route] = cell;
      }
      cell.open += 1;
      return cell;
    },
    issued(cell) {
      cell.issued += 1;
      cell.changed = true;
    },
    ok(cell, latencyMs, uncorrectedMs) {
      cell.ok += 1;
      cell.latency ??= empty();
      cell.uncorrected ??= empty();
      record(cell.latency, latencyMs);
      record(cell.uncorrected, uncorrectedMs);
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
    takeChanged(settledMs) {
      const settledSlice = Math.floor(settledMs / SLICE_MS);
      const slices: TrafficSlice[] = [];
      const lateness: LatenessSlice[] = [];
      for (const row of live.values()) {
        let open = false;
        for (const cell of row.cells) {
          if (!cell) continue;
          if (cell.open > 0) open = true;
          if (!cell.changed) continue;
          slices.push(told(cell));
          cell.changed = false;
        }
        if (row.latenessChanged) {
          lateness.push({ slice: row.slice, histogram: toSparse(row.lateness) });
          row.latenessChanged = false;
        }
        if (!open && row.slice < settledSlice && row !== newest) forget(row);
      }
      return { slices, lateness };
    },
    lateness() {
      const all = createHistogram();
      merge(all, forgottenLateness);
      for (const { lateness } of live.values()) merge(all, lateness);
      return all;
    },
  };
}

function told({ slice, route, issued, ok, dropped, failed, latency, uncorrected }: Cell): TrafficSlice {
  return {
    slice,
    route,
    issued,
    ok,
    dropped,
    failed: { ...failed },
    latency: latency ? toSparse(latency) : [],
    uncorrected: uncorrected ? toSparse(uncorrected) : [],
  };
}
