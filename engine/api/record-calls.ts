import { compareRecords } from '../records/compare.ts';
import { recordsDirectory } from '../records/folder.ts';
import {
  deleteRecord,
  listRecords,
  openRecord,
  readRecordedDocument,
  readRecordedLog,
  readRecordedTraces,
} from '../records/read.ts';
import type { Engine } from './engine.ts';
import { createReportCalls } from './report-calls.ts';

/** The calls on what earlier runs have left. */
export const createRecordCalls = (directory: string = recordsDirectory()): Engine['records'] => ({
  list: () => listRecords(directory),
  open: (id) => openRecord(directory, id),
  document: (id) => readRecordedDocument(directory, id),
  traces: (id) => readRecordedTraces(directory, id),
  log: (id) => readRecordedLog(directory, id),
  compare: ({ a, b }) => compareRecords(directory, a, b),
  ...createReportCalls(directory),
  async delete(ids) {
    for (const id of ids) await deleteRecord(directory, id);
  },
});
