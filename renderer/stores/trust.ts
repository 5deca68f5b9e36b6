import { create } from 'zustand';
import type { CodePart } from '../../engine/model/code.ts';
import { isReplaying, useReplaying } from './replay.ts';

interface TrustState {
  /** False: the document holds code that the person has not trusted; it can be looked at, not edited or run. */
  trusted: boolean;
  /** What would run. */
  code: readonly CodePart[];
}

export const useTrust = create<TrustState>()(() => ({ trusted: true, code: [] }));

/** Also while the past is shown: what ran then cannot be changed any more. */
export const isReadOnly = (): boolean => !useTrust.getState().trusted || isReplaying();

export function useReadOnly(): boolean {
  const replaying = useReplaying();
  return useTrust(({ trusted }) => !trusted) || replaying;
}
