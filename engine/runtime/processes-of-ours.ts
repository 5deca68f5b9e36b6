import { existsSync } from 'node:fs';
import type { ArchipelDocument } from '../model/document.ts';
import { replicasOf } from './desired.ts';
import type { Environment } from './environment.ts';

/** How many processes of a document are programs of ours, which an idle process can become. */
export const processesOfOurs = ({ nodes }: ArchipelDocument, { bundleFile }: Environment): number =>
  nodes.filter(({ kind }) => existsSync(bundleFile(`${kind}.cjs`))).reduce((sum, node) => sum + replicasOf(node), 0);
