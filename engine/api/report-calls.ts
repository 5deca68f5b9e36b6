import { writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ArchipelError } from '../model/error.ts';
import { recordFolder } from '../records/read.ts';
import { renderReport } from '../reports/formats.ts';
import type { Engine } from './engine.ts';
import { reportOf } from './record-report.ts';

type ReportCalls = Pick<Engine['records'], 'report' | 'saveReport' | 'writePage'>;

/** Reports of recorded runs, for a window that saves them or shows them. */
export function createReportCalls(directory: string): ReportCalls {
  const rendered = async ({ id, format }: Parameters<ReportCalls['report']>[0]) =>
    renderReport(await reportOf(recordFolder(directory, id)), format);
  return {
    async report(of) {
      const { fileName, mediaType, content } = await rendered(of);
      return typeof content === 'string'
        ? { fileName, mediaType, content, encoding: 'utf8' }
        : { fileName, mediaType, content: Buffer.from(content).toString('base64'), encoding: 'base64' };
    },
    async saveReport({ id, format, path }) {
      if (!isAbsolute(path)) throw unwritable(path, 'it is not a whole path');
      const { content } = await rendered({ id, format });
      await write(path, content);
    },
    async writePage(id) {
      const path = join(recordFolder(directory, id), 'report.html');
      await write(path, (await rendered({ id, format: 'html' })).content);
      return path;
    },
  };
}

const write = (path: string, content: string | Uint8Array): Promise<void> =>
  writeFile(path, content).catch((error: Error) => {
    throw unwritable(path, error.message, error);
  });

const unwritable = (path: string, why: string, cause?: Error): ArchipelError =>
  new ArchipelError('file-unwritable', `${path} cannot be written: ${why}`, 'Choose another place for the report.', {
    cause,
  });
