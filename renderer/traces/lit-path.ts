import type { TraceSpan } from '../../engine/api/types.ts';
import type { LitPath } from '../stores/trace-focus.ts';

/** The nodes and edges that a trace went through, and where the failure began that was met first. */
export function litPathOf(spans: readonly TraceSpan[]): LitPath | null {
  if (spans.length === 0) return null;
  const told = (name: string): string[] =>
    spans.flatMap(({ attributes }) => (typeof attributes[name] === 'string' ? [attributes[name]] : []));
  // Whom a call went to is known even where that process told nothing: it may be dead.
  const nodes = [...spans.map(({ nodeId }) => nodeId), ...told('service.peer.name')];
  return {
    nodes: [...new Set(nodes)],
    edges: [...new Set(told('archipel.edge'))],
    hop: told('archipel.failure.hop')[0] ?? null,
  };
}
