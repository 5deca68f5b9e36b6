import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExperimentResult, HostInfo, LogLine, RunResult, TraceSpan } from '../api/types.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { createBoundedLog } from './bounded-log.ts';
import { newRecordId } from './folder.ts';
import { type Histograms, type Manifest, RECORD_FORMAT, type RunEvent, type Sample, SO_FAR_FILE } from './record.ts';

export interface RecordWriter {
  readonly id: string;
  sample(sample: Sample): void;
  event(event: RunEvent): void;
  /** Lines of the logs of its processes, as far as there is room for them. */
  log(lines: readonly LogLine[]): void;
  /** What there is to tell if nothing comes after it. The newest replaces the one before. */
  soFar(result: RunResult | ExperimentResult): void;
  /** Why the record is not whole, or null. */
  problem(): string | null;
  /** CPU time that was spent elsewhere for the sake of the record. */
  spent(cpuUs: number): void;
  /** Writes the last files. Resolves when the record is complete, or with why it is not. */
  finish(end: {
    endedAtMs: number;
    result: RunResult | ExperimentResult;
    histograms: Histograms;
    traces: TraceSpan[][];
  }): Promise<string | null>;
}

/**
 * Begins a record. Nothing that goes wrong with it harms the run: the first problem (a full disk, a folder that may not
 * be written) ends the record and is told once.
 */
export function beginRecord(options: {
  directory: string;
  type: Manifest['type'];
  name: string;
  document: ArchipelDocument;
  path: string | null;
  scenario: string;
  seed: number;
  durationMs?: number | null;
  startedAtMs: number;
  host: HostInfo;
  onProblem(message: string): void;
}): RecordWriter {
  const { document, host } = options;
  const id = newRecordId(options.startedAtMs);
  const folder = join(options.directory, id);
  const text = JSON.stringify(document, null, 2);
  const manifest: Manifest = {
    format: RECORD_FORMAT,
    id,
    type: options.type,
    name: options.name,
    document: { name: document.name, path: options.path, sha256: createHash('sha256').update(text).digest('hex') },
    scenario: options.scenario,
    seed: options.seed,
    durationMs: options.durationMs,
    startedAtMs: options.startedAtMs,
    versions: host.versions,
    host: { platform: host.platform, cpuModel: host.cpuModel, cores: host.cores, memoryBytes: host.memoryBytes },
    pid: process.pid,
    endedAtMs: null,
    cost: null,
  };
  let problem: string | null = null;
  let bytes = 0;
  let cpuUs = 0;
  /** Open while the record is being written. */
  let files: { series: number; events: number; log: number } | null = null;
  const logs = createBoundedLog();
  /** What came before the files were there. */
  const early: (() => void)[] = [];
  let writingSoFar: Promise<void> | null = null;

  const fail = (error: unknown): void => {
    if (problem !== null) return;
    closeFiles();
    problem = `This run has no whole record, since it could not be written: ${(error as Error).message}. The run itself is not affected.`;
    options.onProblem(problem);
  };

  const write = async (name: string, value: unknown): Promise<void> => {
    const content = typeof value === 'string' ? value : JSON.stringify(value);
    bytes += Buffer.byteLength(content);
    // Whole or not at all, also when the engine dies in the middle.
    const temporary = join(folder, `.${name}`);
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, join(folder, name));
  };

  const openFile = (name: string): number => openSync(join(folder, name), 'a', 0o600);

  const begun = (async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await write('document.archipel.json', text);
    await write('manifest.json', manifest);
    files = { series: openFile('series.ndjson'), events: openFile('events.ndjson'), log: openFile('log.ndjson') };
    for (const write of early.splice(0)) write();
  })().catch(fail);

  const measured = (work: () => void): void => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    cpuUs += user + system;
  };

  /** With the operating system when this returns: what was told outlives an engine that is killed the moment after. */
  const append = (name: 'series' | 'events' | 'log', lines: () => readonly string[]): void => {
    if (problem !== null) return;
    if (!files) {
      early.push(() => append(name, lines));
      return;
    }
    const { [name]: file } = files;
    measured(() => {
      try {
        const text = Buffer.from(
          lines()
            .map((line) => `${line}\n`)
            .join(''),
        );
        bytes += text.length;
        for (let at = 0; at < text.length; ) at += writeSync(file, text, at);
      } catch (error) {
        fail(error);
      }
    });
  };

  const closeFiles = (): void => {
    if (files) for (const file of Object.values(files)) closeSync(file);
    files = null;
  };

  return {
    id,
    sample: (sample) => append('series', () => [JSON.stringify(sample)]),
    event: (event) => append('events', () => [JSON.stringify(event)]),
    log: (lines) => append('log', () => logs.take(lines)),
    soFar(result) {
      if (problem !== null || writingSoFar || !files) return;
      measured(() => {
        const content = JSON.stringify(result);
        writingSoFar = write(SO_FAR_FILE, content)
          .catch(fail)
          .finally(() => {
            writingSoFar = null;
          });
      });
    },
    problem: () => problem,
    spent(us) {
      cpuUs += us;
    },
    async finish({ endedAtMs, result, histograms, traces }) {
      await begun;
      await writingSoFar;
      append('log', () => logs.leftOut(endedAtMs));
      closeFiles();
      if (problem !== null) return problem;
      const before = process.cpuUsage();
      try {
        await write('result.json', result);
        await write('histograms.json', histograms);
        await write('traces.json', traces);
        const { user, system } = process.cpuUsage(before);
        cpuUs += user + system;
        // Last: a record is complete when its manifest says so.
        await write('manifest.json', { ...manifest, endedAtMs, cost: { cpuMs: cpuUs / 1000, bytes } });
        await rm(join(folder, SO_FAR_FILE), { force: true });
      } catch (error) {
        fail(error);
      }
      return problem;
    },
  };
}
