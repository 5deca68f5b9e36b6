import { catalogue } from '../../engine/catalogue.ts';
import { connectionProblem, type Graph } from '../../engine/model/graph.ts';

/** Why a connection is refused, as a sentence for the user; null when it is allowed. */
export function refusal(graph: Graph, ends: { source: string; target: string }): string | null {
  const problem = connectionProblem(graph, catalogue, ends);
  return problem && `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
}
