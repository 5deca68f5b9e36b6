import { join } from 'node:path';
import { recordFolder } from '../records/read.ts';
import { renderReport } from '../reports/formats.ts';
import type { Engine } from './engine.ts';
import { reportOf } from './record-report.ts';
import { writeChosenFile } from './write-file.ts';

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
      const { content } = await rendered({ id, format });
      await writeChosenFile(path, content);
    },
    async writePage(id) {
      const path = join(recordFolder(directory, id), 'report.html');
      await writeChosenFile(path, (await rendered({ id, format: 'html' })).content);
      return path;
    },
  };
}
