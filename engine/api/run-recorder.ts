import { toSparse } from '../metrics/histogram.ts';
import type { Recording } from '../metrics/recording.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { recordsDirectory } from '../records/folder.ts';
import { createEventObserver, type EventObserver, sampleOf } from '../records/observe.ts';
import { applyRetention } from '../records/retention.ts';
import { beginRecord, type RecordWriter } from '../records/write.ts';
import type { EngineFrame, ExperimentResult, FaultStatus, HostInfo, LogLine, RunResult, TraceSpan } from './types.ts';

const SAMPLE_MS = 1000;
/** Events are looked for more often than figures are kept, so that their order shows. */
const LOOK_MS = 200;
/** The result so far is written at least so often, and soon after something has happened. */
const SO_FAR_MS = 5000;
const SO_FAR_SOON_MS = 1000;
/** A run finds its processes at work: their log of so long before it belongs to it. */
const LOG_BEFORE_MS = 60_000;
/** Lines of logs wait for the next look, at most so many. */
const MOST_LINES = 1000;

/** Keeps a record of each run of the engine, one at a time. */
export interface RunRecorder {
  /** Id of the record that is being written, or null, also where it could not be. */
  current(): string | null;
  /** Begins one; an experiment's record takes in the traffic that it starts. */
  begin(run: {
    type: 'run' | 'experiment';
    name: string;
    document: ArchipelDocument;
    scenario: string;
    seed: number;
    durationMs?: number | null;
  }): void;
  /** A fault has changed. */
  fault(status: FaultStatus): void;
  /** Processes have written, or something became of them. */
  log(lines: readonly LogLine[]): void;
  /** Something has happened in an experiment: it is on disk when this returns. */
  journal(entry: ExperimentResult['journal'][number]): void;
  /**
   * Ends the one of this type, if there is one, and resolves when it is on disk. Answers with the result: without a record, and
   * with a warning that says so, where it could not be written.
   */
  end<Result extends RunResult | ExperimentResult>(type: 'run' | 'experiment', result: Result): Promise<Result>;
}

export function createRunRecorder(options: {
  host: HostInfo;
  directory?: string;
  frame(): EngineFrame;
  /** Newest lines of what runs. */
  logLines(): readonly LogLine[];
  recording(): Recording;
  traces(): TraceSpan[][];
  /** What there would be to tell if the engine were gone now. */
  soFar(): RunResult | ExperimentResult | null;
  onProblem(message: string): void;
}): RunRecorder {
  const directory = options.directory ?? recordsDirectory();
  let open: {
    type: 'run' | 'experiment';
    writer: RecordWriter;
    looks: NodeJS.Timeout;
    observer: EventObserver;
    /** Something has happened since the result so far was written. */
    isNews: boolean;
  } | null = null;

  /** Lines that are not written yet: many of them at once cost little more than one. */
  let logged: LogLine[] = [];
  const keepLog = (): void => {
    if (logged.length > 0) open?.writer.log(logged);
    logged = [];
  };

  return {
    current: () => (open && open.writer.problem() === null ? open.writer.id : null),
    begin(run) {
      if (open) return;
      const writer = beginRecord({
        ...run,
        directory,
        path: null,
        startedAtMs: Date.now(),
        host: options.host,
        onProblem: options.onProblem,
      });
      const observer = createEventObserver();
      let sampledAtMs = 0;
      let toldAtMs = 0;
      const keepSoFar = (): void => {
        const sinceMs = Date.now() - toldAtMs;
        if (!open || sinceMs < (open.isNews ? SO_FAR_SOON_MS : SO_FAR_MS)) return;
        toldAtMs = Date.now();
        open.isNews = false;
        const result = options.soFar();
        if (result) writer.soFar(result);
      };
      const take = (): void => {
        keepSoFar();
        keepLog();
        const frame = options.frame();
        for (const event of observer.frame(frame)) writer.event(event);
        if (frame.atMs - sampledAtMs < SAMPLE_MS) return;
        sampledAtMs = frame.atMs;
        writer.sample(sampleOf(frame));
      };
      const look = (): void => {
        const before = process.cpuUsage();
        take();
        const { user, system } = process.cpuUsage(before);
        writer.spent(user + system);
      };
      const looks = setInterval(look, LOOK_MS);
      looks.unref();
      open = { type: run.type, writer, looks, observer, isNews: true };
      const newest = Date.now() - LOG_BEFORE_MS;
      logged = options.logLines().filter(({ atMs }) => atMs >= newest);
    },
    fault(status) {
      if (!open) return;
      open.isNews = true;
      for (const event of open.observer.fault(status)) open.writer.event(event);
    },
    log(lines) {
      if (!open) return;
      logged.push(...lines);
      if (logged.length > MOST_LINES) keepLog();
    },
    journal({ atMs, event }) {
      if (!open) return;
      open.isNews = true;
      open.writer.event({ atMs, type: 'journal', subject: null, text: event });
    },
    async end(type, result) {
      if (open?.type !== type) return result;
      const { writer, looks } = open;
      keepLog();
      // How its last faults came off.
      const frame = options.frame();
      if (frame.faults.length > 0) writer.sample(sampleOf(frame));
      open = null;
      clearInterval(looks);
      const recording = options.recording();
      const problem = await writer.finish({
        endedAtMs: Date.now(),
        result,
        histograms: {
          overall: toSparse(recording.latency()),
          routes: Object.fromEntries(
            recording.routes().map((route) => [route, toSparse(recording.latency({ route }))]),
          ),
        },
        traces: options.traces(),
      });
      await applyRetention(directory).catch(() => []);
      return problem === null ? result : { ...result, record: null, warnings: [...result.warnings, problem] };
    },
  };
}
