import { catalogue } from '../catalogue.ts';
import { openComparison, saveComparison } from '../documents/comparison-file.ts';
import { openDocument } from '../documents/open.ts';
import { readText } from '../documents/read-text.ts';
import { addRecent, forgetRecent, listRecent } from '../documents/recent.ts';
import { discardEdits, keepEdits, recoverableEdits } from '../documents/recovery.ts';
import { saveDocument } from '../documents/save.ts';
import { deleteTemplate, listComparisons, listTemplates, saveTemplate } from '../documents/templates.ts';
import type { Trust } from '../documents/trust.ts';
import { codeIn } from '../model/code.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { parseDocument } from '../model/parse.ts';
import { documentPicture } from '../reports/document-picture.ts';
import type { DocumentTrust, Engine } from './engine.ts';
import { writeChosenFile } from './write-file.ts';

type DocumentCalls = Pick<
  Engine,
  | 'openDocument'
  | 'saveDocument'
  | 'trustDocument'
  | 'validate'
  | 'templates'
  | 'saveTemplate'
  | 'deleteTemplate'
  | 'receiveDocument'
  | 'picture'
  | 'savePicture'
  | 'openComparison'
  | 'saveComparison'
  | 'comparisonTemplates'
  | 'recentFiles'
  | 'addRecentFile'
  | 'forgetRecentFiles'
  | 'keepEdits'
  | 'discardEdits'
  | 'recoverableEdits'
>;

/** The calls that need nothing that runs. */
export const createDocumentCalls = (trust: Trust): DocumentCalls => ({
  async openDocument(path) {
    const opened = await openDocument(path);
    return { ...opened, trust: await trust.ofFile(opened.path, opened.document) };
  },
  async saveDocument(options) {
    const saved = await saveDocument(options);
    // What may run here may run when this file is opened again.
    if (trust.covers(options.document)) await trust.trust(options).catch(() => {});
    return saved;
  },
  trustDocument: trust.trust,
  validate(value) {
    const parsed = parseDocument(value, catalogue);
    return parsed.ok ? [] : parsed.errors;
  },
  templates: () => listTemplates(),
  async saveTemplate(document) {
    const path = await saveTemplate(document);
    if (trust.covers(document)) await trust.trust({ path, document }).catch(() => {});
    return path;
  },
  deleteTemplate: (path) => deleteTemplate(path),
  receiveDocument({ name, text }) {
    const read = readText(name, text);
    return { ...read, trust: trustOf(trust, read.document) };
  },
  picture: documentPicture,
  async savePicture({ path, ...of }) {
    const { content, encoding } = await documentPicture(of);
    await writeChosenFile(path, encoding === 'base64' ? Buffer.from(content, 'base64') : content);
  },
  async openComparison(path) {
    const { a, b, ...comparison } = await openComparison(path);
    const [trustOfA, trustOfB] = await Promise.all([a, b].map(({ path: of, document }) => trust.ofFile(of, document)));
    return {
      ...comparison,
      a: { ...a, trust: trustOfA as DocumentTrust },
      b: { ...b, trust: trustOfB as DocumentTrust },
    };
  },
  saveComparison: (comparison) => saveComparison(comparison),
  comparisonTemplates: () => listComparisons(),
  recentFiles: () => listRecent(),
  addRecentFile: (file) => addRecent(file),
  forgetRecentFiles: (path) => forgetRecent(path),
  keepEdits: (edits) => keepEdits(edits),
  discardEdits: (key) => discardEdits(key),
  async recoverableEdits(key) {
    const found = await recoverableEdits(key);
    return Promise.all(
      found.map(async (edits) => {
        const { path, document } = edits;
        return { ...edits, trust: path === null ? trustOf(trust, document) : await trust.ofFile(path, document) };
      }),
    );
  },
});

/** Of a document that is in no file: only code that was trusted since the engine began may run. */
const trustOf = (trust: Trust, document: ArchipelDocument): DocumentTrust => ({
  trusted: trust.covers(document),
  code: codeIn(document, catalogue),
});
