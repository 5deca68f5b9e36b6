import { catalogue } from '../catalogue.ts';
import type { ArchipelDocument } from '../model/document.ts';
import { parseDocument } from '../model/parse.ts';

/** A valid document from its essential parts, for tests. */
export function documentOf(draft: Record<string, unknown>): ArchipelDocument {
  const parsed = parseDocument({ format: 1, name: 'test', ...draft }, catalogue);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors, null, 2));
  return parsed.document;
}

export const node = (id: string, kind: string, config: Record<string, unknown> = {}) => ({
  id,
  kind,
  name: id,
  position: { x: 0, y: 0 },
  config,
});

export const edge = (source: string, target: string, config: Record<string, unknown> = {}) => ({
  id: `${source}-${target}`,
  source,
  target,
  config,
});

export const route = (path: string, ...steps: unknown[]) => ({ method: 'GET', path, steps });

export const waitStep = (valueMs: number) => ({ do: 'wait', duration: { type: 'fixed', valueMs } });
