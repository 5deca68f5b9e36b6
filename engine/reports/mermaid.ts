import type { ArchipelDocument } from '../model/document.ts';

/** The topology for whatever draws Mermaid, as code hosts do. Ids are our own: those of a document could be words of its language. */
export function mermaid({ nodes, edges }: Pick<ArchipelDocument, 'nodes' | 'edges'>): string[] {
  const own = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  return [
    '```mermaid',
    'flowchart LR',
    ...nodes.map(({ id, name, kind }) => `  ${own.get(id)}["${words(name)}<br/>${words(kind)}"]`),
    ...edges.flatMap(({ source, target }) =>
      own.has(source) && own.has(target) ? [`  ${own.get(source)} --> ${own.get(target)}`] : [],
    ),
    '```',
  ];
}

/** Everything that is no letter, digit or space as its number. */
const words = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').replace(/[^\p{L}\p{N} ]/gu, (sign) => `#${sign.codePointAt(0)};`);
