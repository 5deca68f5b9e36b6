// Writes docs/archipel.schema.json from the schemas of the document, the kinds and the faults.
import { writeFileSync } from 'node:fs';
import { catalogue } from '../engine/catalogue.ts';
import { documentJsonSchema } from '../engine/model/json-schema.ts';

const file = new URL('../docs/archipel.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(documentJsonSchema(catalogue), null, 2)}\n`);
