import type { Catalogue } from './definition.ts';
import type { ArchipelDocument } from './document.ts';

/** A part of a document that runs as a program of its author: a handler's source, a command line. */
export interface CodePart {
  nodeId: string;
  /** JSON path in the document. */
  path: string;
  /** What would run, to be read by a person. */
  text: string;
}

/** Everything in a document that would run as code of its author. A document without any needs nobody's trust. */
export function codeIn(document: ArchipelDocument, { kinds }: Pick<Catalogue, 'kinds'>): CodePart[] {
  return document.nodes.flatMap((node, index) => {
    const definition = kinds.find(({ kind }) => kind === node.kind);
    const config = definition?.code && definition.config.safeParse(node.config);
    if (!definition?.code || !config?.success) return [];
    return definition
      .code(config.data)
      .map(({ path, text }) => ({ nodeId: node.id, path: `$.nodes[${index}].config${path && `.${path}`}`, text }));
  });
}
