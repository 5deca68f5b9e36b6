import { catalogue } from '../catalogue.ts';
import { openDocument } from '../documents/open.ts';
import { saveDocument } from '../documents/save.ts';
import { listTemplates } from '../documents/templates.ts';
import { parseDocument } from '../model/parse.ts';
import type { Engine } from './engine.ts';

/** The calls that need no running engine. */
export const documentCalls: Pick<Engine, 'openDocument' | 'saveDocument' | 'validate' | 'templates'> = {
  openDocument,
  saveDocument,
  validate(value) {
    const parsed = parseDocument(value, catalogue);
    return parsed.ok ? [] : parsed.errors;
  },
  templates: () => listTemplates(),
};
