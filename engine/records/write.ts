import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { ExperimentResult, HostInfo, RunResult, TraceSpan } from '../api/types.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { newRecordId } from './folder.ts';
import { type Histograms, type Manifest, RECORD_FORMAT, type RunEvent, type Sample } from './record.ts';

export interface RecordWriter {
  readonly id: string;
  sample(sample: Sample): void;
  event(event: RunEvent): void;
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
  let series: WriteStream | undefined;
  let events: WriteStream | undefined;

  const fail = (error: unknown): void => {
    if (problem !== null) return;
    problem = `The record of this run ends here: ${(error as Error).message}. The run itself goes on.`;
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

  const open = (name: string): WriteStream => {
    const stream = createWriteStream(join(folder, name), { flags: 'a', mode: 0o600 });
    stream.on('error', fail);
    return stream;
  };

  const begun = (async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await write('document.archipel.json', text);
    await write('manifest.json', manifest);
    series = open('series.ndjson');
    events = open('events.ndjson');
  })().catch(fail);

  const append = (stream: () => WriteStream | undefined, value: unknown): void => {
    void begun.then(() => {
      if (problem !== null) return;
      const before = process.cpuUsage();
      const line = `${JSON.stringify(value)}\n`;
      bytes += line.length;
      stream()?.write(line);
      const { user, system } = process.cpuUsage(before);
      cpuUs += user + system;
    });
  };

  return {
    id,
    sample: (sample) => append(() => series, sample),
    event: (event) => append(() => events, event),
    spent(us) {
      cpuUs += us;
    },
    async finish({ endedAtMs, result, histograms, traces }) {
      await begun;
      for (const stream of [series, events]) {
        stream?.end();
        if (stream) await finished(stream).catch(fail);
      }
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
      } catch (error) {
        fail(error);
      }
      return problem;
    },
  };
}
