import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExperimentResult, LogLine, RunResult, TraceSpan } from '../api/types.ts';
import { isAlive } from '../documents/is-alive.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { ArchipelError } from '../model/error.ts';
import { isRecordId } from './folder.ts';
import {
  type Histograms,
  type Manifest,
  type OpenedRecord,
  RECORD_FORMAT,
  type RecordState,
  type RecordSummary,
  type RunEvent,
  type Sample,
  SO_FAR_FILE,
} from './record.ts';

/** All records, the newest first. Those that cannot be read are listed as such, with why. */
export async function listRecords(directory: string): Promise<RecordSummary[]> {
  const names = await readdir(directory).catch(() => []);
  const ids = names.filter(isRecordId).sort().reverse();
  return Promise.all(ids.map((id) => summarize(join(directory, id))));
}

async function summarize(folder: string): Promise<RecordSummary> {
  const id = basename(folder);
  const sizeBytes = await sizeOf(folder);
  const broken = (problem: string): RecordSummary => ({
    id,
    state: 'broken',
    problem,
    manifest: null,
    sizeBytes,
    verdict: null,
    counts: null,
  });
  const manifest = await readJson<Manifest>(folder, 'manifest.json').catch((error: Error) => error);
  if (manifest instanceof Error) return broken(`its manifest cannot be read: ${manifest.message}`);
  if (manifest.format !== RECORD_FORMAT)
    return broken(`it has format ${String(manifest.format)}, and this Archipel reads ${RECORD_FORMAT}`);
  const state = await stateOf(folder, manifest);
  const result = await readResult(folder, state);
  return {
    id,
    state,
    problem: null,
    manifest,
    sizeBytes,
    verdict: state === 'complete' && result && 'verdict' in result ? result.verdict : null,
    counts: result?.traffic ?? null,
  };
}

export const openRecord = async (directory: string, id: string): Promise<OpenedRecord> =>
  openRecordFolder(recordFolder(directory, id));

/** A record wherever it lies, such as among the artifacts of a build. */
export async function openRecordFolder(folder: string): Promise<OpenedRecord> {
  const summary = await summarize(folder);
  if (summary.state === 'broken' && summary.sizeBytes === 0) throw unknown(summary.id);
  return {
    summary,
    result: await readResult(folder, summary.state),
    series: await readLines<Sample>(folder, 'series.ndjson'),
    events: await readLines<RunEvent>(folder, 'events.ndjson'),
  };
}

export const readHistograms = async (directory: string, id: string): Promise<Histograms | null> =>
  readHistogramsIn(recordFolder(directory, id));

export const readHistogramsIn = (folder: string): Promise<Histograms | null> =>
  readJson<Histograms>(folder, 'histograms.json').catch(() => null);

export const readRecordedDocument = async (directory: string, id: string): Promise<ArchipelDocument> =>
  readDocumentIn(recordFolder(directory, id));

/** A record of an earlier version has no notes. */
export async function readDocumentIn(folder: string): Promise<ArchipelDocument> {
  const document = await readJson<ArchipelDocument>(folder, 'document.archipel.json');
  return { ...document, notes: document.notes ?? [] };
}

/** What the processes wrote, and what became of them. A record of an earlier version has none of it. */
export const readRecordedLog = (directory: string, id: string): Promise<LogLine[]> =>
  readLogIn(recordFolder(directory, id));

export const readLogIn = (folder: string): Promise<LogLine[]> => readLines<LogLine>(folder, 'log.ndjson');

export const readRecordedTraces = async (directory: string, id: string): Promise<TraceSpan[][]> =>
  readJson<TraceSpan[][]>(recordFolder(directory, id), 'traces.json').catch(() => []);

/** Removes a record for good. One that is being written is refused. */
export async function deleteRecord(directory: string, id: string): Promise<void> {
  const folder = recordFolder(directory, id);
  const summary = await summarize(folder);
  if (summary.state === 'broken' && summary.sizeBytes === 0) throw unknown(id);
  if (summary.state === 'recording')
    throw new ArchipelError('wrong-state', `The run ${id} is still being recorded.`, 'Wait until it has ended.');
  await rm(folder, { recursive: true, force: true });
}

const unknown = (id: string): ArchipelError =>
  new ArchipelError('not-found', `There is no record of a run "${id}".`, 'List them with `archipel runs`.');

/** Ids come from users: none may lead out of the directory. */
export function recordFolder(directory: string, id: string): string {
  if (!isRecordId(id)) throw unknown(id);
  return join(directory, id);
}

/** A run that was cut off has what it had come to shortly before. */
const readResult = (folder: string, state: RecordState): Promise<RunResult | ExperimentResult | null> =>
  readJson<RunResult | ExperimentResult>(folder, state === 'interrupted' ? SO_FAR_FILE : 'result.json').catch(
    () => null,
  );

/** Of an engine that writes every second nothing is heard for so long: another process has its number. */
const SILENT_MS = 60_000;

async function stateOf(folder: string, { endedAtMs, pid, startedAtMs }: Manifest): Promise<RecordState> {
  if (endedAtMs !== null) return 'complete';
  if (!isAlive(pid)) return 'interrupted';
  const written = await stat(join(folder, 'series.ndjson')).then(
    ({ mtimeMs }) => mtimeMs,
    () => startedAtMs,
  );
  return Date.now() - written > SILENT_MS ? 'interrupted' : 'recording';
}

const readJson = async <T>(folder: string, name: string): Promise<T> =>
  JSON.parse(await readFile(join(folder, name), 'utf8')) as T;

/** A last line that was cut off is left out. */
async function readLines<T>(folder: string, name: string): Promise<T[]> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as T];
    } catch {
      return [];
    }
  });
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
