import { catalogue } from '../../engine/catalogue.ts';
import { connectionProblem, type Graph } from '../../engine/model/graph.ts';
import { said } from '../i18n/said.ts';

/** Why a connection is refused, as a sentence for the user; null when it is allowed. */
export function refusal(graph: Graph, ends: { source: string; target: string }): string | null {
  const problem = connectionProblem(graph, catalogue, ends);
  if (problem === null) return null;
  const sentence = said(problem);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
