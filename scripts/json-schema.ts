// Writes docs/archipel.schema.json and docs/reference.md from the schemas of the document, the kinds and the faults.
import { writeFileSync } from 'node:fs';
import { catalogue } from '../engine/catalogue.ts';
import { documentJsonSchema } from '../engine/model/json-schema.ts';
import { reference } from '../engine/model/reference.ts';

const at = (name: string): URL => new URL(`../docs/${name}`, import.meta.url);
writeFileSync(at('archipel.schema.json'), `${JSON.stringify(documentJsonSchema(catalogue), null, 2)}\n`);
writeFileSync(at('reference.md'), reference(catalogue));
