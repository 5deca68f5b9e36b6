import type { ArchipelDocument } from '../model/document.ts';
import type { SweepRequest } from './engine.ts';

/** The documents that a sweep is started with. */
export function sweptDocuments(request: SweepRequest): ArchipelDocument[] {
  if (request.type === 'ab') return [request.a.document, request.b.document];
  return request.type === 'batch' ? request.of.map(({ document }) => document) : [request.document];
}
