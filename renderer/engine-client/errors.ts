import { TRPCClientError } from '@trpc/client';
import type { DocumentError } from '../../engine/model/definition.ts';
import { t } from '../i18n/t.ts';

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

/** What is refused while the past is shown. */
export const replayError = new Error('A recorded run is being replayed.');

export function shownError(error: unknown): ShownError {
  if (error === replayError || (error instanceof TRPCClientError && error.cause === replayError))
    return {
      code: 'wrong-state',
      message: t('A recorded run is being replayed: what you see is past, and nothing can be done to it.'),
      nextStep: t('Leave the replay (Escape), then do this to what is live.'),
      errors: [],
    };
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
        message: t('The connection to the engine was lost before it answered.'),
        nextStep: t('Wait until the engine is connected again, then repeat this. Your edits are kept.'),
        errors: [],
      };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    nextStep: t('Repeat this; if it happens again, please report it.'),
    errors: [],
  };
}
