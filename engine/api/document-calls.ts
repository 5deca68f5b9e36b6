import { catalogue } from '../catalogue.ts';
import { openDocument } from '../documents/open.ts';
import { saveDocument } from '../documents/save.ts';
import { listTemplates } from '../documents/templates.ts';
import type { Trust } from '../documents/trust.ts';
import { parseDocument } from '../model/parse.ts';
import type { Engine } from './engine.ts';

type DocumentCalls = Pick<Engine, 'openDocument' | 'saveDocument' | 'trustDocument' | 'validate' | 'templates'>;

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
});
