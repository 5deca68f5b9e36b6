// Saves one of two documents after the other to the file named, until it is killed.
import { openDocument } from './open.ts';
import { saveDocument } from './save.ts';

const path = process.argv[2] as string;
let { document, revision } = await openDocument(path);
for (;;) {
  document = { ...document, name: document.name === 'Old' ? 'New' : 'Old' };
  ({ revision } = await saveDocument({ path, document, expectedRevision: revision }));
}
