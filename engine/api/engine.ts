import type { CodePart } from '../model/code.ts';
import type { DocumentError } from '../model/definition.ts';
import type { Strategy } from '../model/deploy.ts';
import type { ArchipelDocument } from '../model/document.ts';
import type { Experiment } from '../model/experiment.ts';
import type { FaultCourse, FaultTarget } from '../model/fault.ts';
import type { HandMessage, SentMessage } from '../model/message-by-hand.ts';
import type { Peek, PeekedPage } from '../model/peek.ts';
import type { ComparisonPlan, Repeat } from '../model/repetition.ts';
import type { HandRequest, SentRequest } from '../model/request-by-hand.ts';
import type { Rewind } from '../model/rewind.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Sweep } from '../model/sweep.ts';
import type { Comparison, OpenedRecord, RecordSummary } from '../records/record.ts';
import type { ReportFormat } from '../reports/report-format.ts';
import type {
  DeployStatus,
  EngineFrame,
  ExperimentResult,
  FaultStatus,
  HostInfo,
  Job,
  JobStatus,
  LogLine,
  RunResult,
  SweepResult,
  TraceFilter,
  TraceList,
  TraceSpan,
  TracingSettings,
  TracingStatus,
} from './types.ts';

export interface TemplateSummary {
  name: string;
  title: string;
  description: string;
  path: string;
  /** One that the user saved, and not one that came with Archipel. */
  own: boolean;
  document: ArchipelDocument;
}

/** Why a service of an imported file is not in the document as it was, or at all. */
export interface ImportNote {
  service: string;
  leftOut: boolean;
  message: string;
}

/** A document that is in no file of ours: dropped, sent, or made of a file of another format. */
export interface ReceivedDocument {
  document: ArchipelDocument;
  migratedFrom: number | null;
  problems: DocumentError[];
  trust: DocumentTrust;
  /** Null where it was a document. */
  imported: ImportNote[] | null;
}

export interface RecentFile {
  path: string;
  name: string;
  atMs: number;
  /** It is not there now. */
  missing: boolean;
}

/** Edits that no file has yet. */
export interface KeptEdits {
  /** Of the window. */
  key: string;
  /** The file that the document was from, and its revision when it was opened; null for one that was in none. */
  path: string | null;
  directory: string | null;
  revision: string | null;
  /** When it was last edited. */
  atMs: number;
  document: ArchipelDocument;
}

export type PictureFormat = 'svg' | 'png' | 'mermaid';

/** Whether what a document holds as code may run. */
export interface DocumentTrust {
  trusted: boolean;
  /** What would run. Empty: nothing, and no trust is needed. */
  code: CodePart[];
}

export interface OpenedDocument {
  path: string;
  document: ArchipelDocument;
  /** SHA-256 of the file as read; a save says which revision it replaces. */
  revision: string;
  /** Older format version that the file had, or null. */
  migratedFrom: number | null;
  trust: DocumentTrust;
  /** What keeps a document that is sound but unfinished from running; empty when it is valid. */
  problems: DocumentError[];
}

/** A comparison in a file, as it is written there, with the two documents that it names. */
export interface OpenedComparison {
  path: string;
  revision: string;
  title: string;
  statement: string;
  /** As the file has it: what it leaves out has its default. */
  plan: Record<string, unknown>;
  a: OpenedDocument;
  b: OpenedDocument;
}

export interface WrittenComparison extends Pick<OpenedComparison, 'path' | 'title' | 'statement' | 'plan'> {
  /** Paths of the documents; the file names them relative to itself. */
  a: string;
  b: string;
  /** Of the file that this replaces; null to write where no opened file is. */
  expectedRevision: string | null;
}

/** A comparison that comes with Archipel. */
export interface ComparisonTemplate extends Pick<OpenedComparison, 'path' | 'title' | 'statement'> {
  a: ArchipelDocument;
  b: ArchipelDocument;
}

export type ExperimentFormat = 'archipel' | 'chaostoolkit';

/** A file that is handed out. */
export interface ExportedFile {
  /** A name for it. */
  fileName: string;
  mediaType: string;
  content: string;
  encoding: 'utf8' | 'base64';
}

/** What was sent, by client, in the format of trace files. */
export interface RecordedTraffic {
  traces: { client: string; arrivals: number; text: string }[];
  /** Arrivals beyond what a client keeps. */
  leftOut: number;
}

interface SweptDocument {
  document: ArchipelDocument;
  /** What paths in it are relative to. */
  directory?: string | null | undefined;
}

/** Many measurements of which one thing differs. */
export type SweepRequest =
  /** By its name in the document, or as an object beside it. */
  | ({ type: 'sweep'; sweep: string | Sweep } & SweptDocument)
  | ({ type: 'repeat'; repeat: Repeat } & SweptDocument)
  /** Different experiments of documents, each with its own scenario; without `names` all of the document. */
  | { type: 'batch'; of: (SweptDocument & { names?: string[] | undefined })[]; seed?: number | undefined }
  | { type: 'ab'; a: SweptDocument; b: SweptDocument; plan: ComparisonPlan };

/** What the router needs. The engine host and the CLI hand it the same implementation. */
export interface Engine {
  info(): Promise<HostInfo>;

  /** The document may be run next: idle processes wait for its nodes, as far as memory allows. Null: no document is open. */
  prepareTopology(document: ArchipelDocument | null): Promise<void>;
  /** What runs, with the edits that it was given; null while nothing does. */
  runningDocument(): ArchipelDocument | null;
  /** `directory`: what paths in the document are relative to; null or absent for one that is in no file. */
  startTopology(document: ArchipelDocument, options?: { directory?: string | null }): Promise<void>;
  /** Changes the running topology to this document without stopping what stays. */
  applyDocument(document: ArchipelDocument): Promise<void>;
  stopTopology(): Promise<void>;
  restartProcess(target: { node: string; replica: number }): Promise<void>;
  /** Sets how many replicas a node runs, until its document says another number. Resolves when they take requests. */
  scaleNode(options: { node: string; replicas: number }): Promise<void>;
  /** Deploys a version of a node, by the strategy of its config or another one. Returns at once, or `wait`s until it is over. */
  deploy(options: { node: string; version: string; strategy?: Strategy; wait?: boolean }): Promise<DeployStatus>;
  /** Rolls back what was last deployed to a node, wherever it stands. Resolves when the version before serves again. */
  rollBack(options: { node: string }): Promise<DeployStatus>;

  startTraffic(options: {
    scenario: Scenario;
    seed?: number;
    durationMs?: number | null;
    /** Where relative paths of traces count from: the directory of the document. */
    directory?: string | null;
    /** Keeps each request as it began, for `recordedTraffic`. */
    recordArrivals?: boolean;
  }): Promise<{ trafficId: string }>;
  /** Ends the traffic gracefully and sums it up. */
  stopTraffic(): Promise<RunResult>;
  /** Resolves when the traffic of `startTraffic` is over. */
  trafficDone(): Promise<RunResult>;
  lastRun(): RunResult | null;
  /** The arrivals of the newest traffic as traces that can be replayed, once, while its clients run. */
  recordedTraffic(): Promise<RecordedTraffic>;

  /** Sends one HTTP request along an edge of what runs, from a process of its caller; outside of what is measured. */
  sendRequest(request: HandRequest): Promise<SentRequest>;
  /** Sets the position of a group of a log back. Resolves with how many messages come again. */
  rewindGroup(request: Rewind): Promise<number>;
  /** What lies in a queue, stream or topic of a broker that runs; nothing is taken, acknowledged, moved or counted. */
  peekMessages(of: Peek): Promise<PeekedPage>;
  /** Publishes one message along an edge to a broker, from a process of its publisher; counted as any message of it is. */
  sendMessage(message: HandMessage): Promise<SentMessage>;

  injectFault(
    options: {
      fault: string;
      target: FaultTarget;
      parameters: Record<string, unknown>;
      leaseMs: number;
      /** Same seed, same random choices. */
      seed?: number;
    } & Partial<FaultCourse>,
  ): Promise<FaultStatus>;
  renewFault(options: { id: string; leaseMs: number }): Promise<FaultStatus>;
  clearFault(options: { id: string }): Promise<FaultStatus>;
  /** Resolves with those that were on, as they are when all are off. */
  clearAllFaults(): Promise<FaultStatus[]>;

  startExperiment(options: {
    document: ArchipelDocument;
    name?: string;
    seed?: number;
    /** As with `startTraffic`. */
    directory?: string | null;
  }): Promise<void>;
  /** Stops the experiment with everything undone; its verdict is `aborted`. */
  stopExperiment(): Promise<ExperimentResult>;
  experimentDone(): Promise<ExperimentResult>;
  lastExperiment(): ExperimentResult | null;

  /**
   * An experiment out of a file of Archipel's or of Chaos Toolkit's, and what of it cannot be run here, one by one.
   * `scenario`: what one of Chaos Toolkit is to be run under, for it names none.
   */
  importExperiment(options: { value: unknown; scenario: string | null }): { experiment: Experiment; reports: string[] };
  exportExperiment(options: { experiment: Experiment; format: ExperimentFormat }): ExportedFile;
  /** The same, written to a place that the user chose. */
  saveExperiment(options: { experiment: Experiment; format: ExperimentFormat; path: string }): Promise<void>;

  /** Returns when what is asked for can begin; refuses what cannot. */
  startSweep(request: SweepRequest): Promise<void>;
  /** Stops the sweep with everything undone; what was measured is kept. */
  stopSweep(): Promise<SweepResult>;
  sweepDone(): Promise<SweepResult>;
  /** Of one that runs, what is known so far. */
  lastSweep(): SweepResult | null;

  /**
   * Puts a sweep in the line of jobs, which are kept on the disk: it runs when nothing else does, and goes on after the end of
   * the window or the engine. Refuses at once what cannot run. Where jobs cannot be kept, as another engine of this user has
   * them open or the disk is full, it runs all the same: then the id is null, and `notKept` says why.
   */
  startJob(request: SweepRequest): Promise<{ id: string; notKept: null } | { id: null; notKept: string }>;
  /** The newest first. */
  jobs(): Promise<JobStatus[]>;
  job(id: string): Promise<Job>;
  /** What it was started with. */
  jobRequest(id: string): Promise<SweepRequest>;
  /** Resolves when it is over, or was ended. */
  jobDone(id: string): Promise<Job>;
  /** Ends it with everything undone; what was measured is kept. */
  cancelJob(id: string): Promise<void>;
  /** Puts one that was cancelled or interrupted in the line again: it goes on from what it has measured. */
  resumeJob(id: string): Promise<void>;
  /** Forgets jobs that are over. */
  deleteJobs(ids: readonly string[]): Promise<void>;

  frame(): EngineFrame;
  /** Yields the newest frame at most every 100 ms. */
  frames(signal: AbortSignal): AsyncIterable<EngineFrame>;
  /** Recent lines first, then lines as they come. */
  logs(options: { node?: string }, signal: AbortSignal): AsyncIterable<LogLine[]>;

  traces(filter: TraceFilter): TraceList;
  /** All spans of a trace, in the order of their start. */
  trace(traceId: string): TraceSpan[];
  /** Of the newest traffic: the traces that began in it, failures first. */
  tracesOfRun(): TraceSpan[][];
  tracing(): TracingStatus;
  configureTracing(settings: TracingSettings): Promise<void>;
  /** Sends on the spans that still wait, for at most two seconds. */
  flushTraces(): Promise<TracingStatus>;
  /** In Prometheus' text format. */
  metrics(): string;

  openDocument(path: string): Promise<OpenedDocument>;
  saveDocument(options: {
    path: string;
    document: ArchipelDocument;
    expectedRevision: string | null;
  }): Promise<{ revision: string }>;
  /**
   * The user trusts the code in this document: for good where it is the file at `path`, else until the engine ends, as
   * with code that the user writes.
   */
  trustDocument(options: { path: string | null; document: ArchipelDocument }): Promise<void>;
  validate(value: unknown): DocumentError[];
  templates(): Promise<TemplateSummary[]>;
  /** Keeps a document as a template of the user's. Resolves with its path. */
  saveTemplate(document: ArchipelDocument): Promise<string>;
  deleteTemplate(path: string): Promise<void>;
  /** Reads text as a document, or as a docker-compose file, which its name says. */
  receiveDocument(options: { name: string; text: string }): ReceivedDocument;
  /** The topology as it is drawn, without anything that was measured. */
  picture(options: { document: ArchipelDocument; format: PictureFormat }): Promise<ExportedFile>;
  savePicture(options: { document: ArchipelDocument; format: PictureFormat; path: string }): Promise<void>;
  openComparison(path: string): Promise<OpenedComparison>;
  saveComparison(comparison: WrittenComparison): Promise<{ path: string; revision: string }>;
  comparisonTemplates(): Promise<ComparisonTemplate[]>;
  recentFiles(): Promise<RecentFile[]>;
  addRecentFile(file: { path: string; name: string }): Promise<void>;
  /** Forgets one of them; without a path all. The files themselves stay. */
  forgetRecentFiles(path: string | null): Promise<void>;
  /** Keeps edits until they are saved or given up, in case that the window or the engine ends without notice. */
  keepEdits(edits: KeptEdits): Promise<void>;
  discardEdits(key: string): Promise<void>;
  /** Edits of windows that are gone, and of the one that asks, from before it was loaded again. */
  recoverableEdits(key: string): Promise<(KeptEdits & { trust: DocumentTrust })[]>;

  /** What earlier runs have left, also those of other engines of this user. */
  records: {
    /** The newest first. */
    list(): Promise<RecordSummary[]>;
    open(id: string): Promise<OpenedRecord>;
    document(id: string): Promise<ArchipelDocument>;
    traces(id: string): Promise<TraceSpan[][]>;
    /** What its processes wrote, and what became of them, the oldest first. */
    log(id: string): Promise<LogLine[]>;
    compare(ids: { a: string; b: string }): Promise<Comparison>;
    /** A report of it as a file. */
    report(options: { id: string; format: ReportFormat }): Promise<ExportedFile>;
    /** The same, written to a place that the user chose. */
    saveReport(options: { id: string; format: ReportFormat; path: string }): Promise<void>;
    /** Writes the page of a run into its record, to be opened from there. Resolves with its path. */
    writePage(id: string): Promise<string>;
    delete(ids: readonly string[]): Promise<void>;
  };

  /** Stops everything that runs. */
  close(): Promise<void>;
}
