import { TRPCClientError } from '@trpc/client';
import type { DocumentError } from '../../engine/model/definition.ts';

/** An error of the engine as the interface shows it: what and why, then the next step, and all problems of a document. */
export interface ShownError {
  code: string;
  message: string;
  nextStep: string;
  errors: DocumentError[];
}

interface ArchipelData {
  archipel?: Partial<ShownError> | null;
}

export function shownError(error: unknown): ShownError {
  if (error instanceof TRPCClientError) {
    const archipel = (error.data as ArchipelData | null | undefined)?.archipel;
    if (archipel?.code)
      return {
        code: archipel.code,
        message: archipel.message ?? error.message,
        nextStep: archipel.nextStep ?? '',
        errors: archipel.errors ?? [],
      };
    if (!error.data)
      return {
        code: 'engine-unreachable',
        message: 'The connection to the engine was lost before it answered.',
        nextStep: 'Wait until the engine is connected again, then repeat this. Your edits are kept.',
        errors: [],
      };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    nextStep: 'Repeat this; if it happens again, please report it.',
    errors: [],
  };
}
