import { create } from 'zustand';
import type { CodePart } from '../../engine/model/code.ts';

interface TrustState {
  /** False: the document holds code that the person has not trusted; it can be looked at, not edited or run. */
  trusted: boolean;
  /** What would run. */
  code: readonly CodePart[];
}

export const useTrust = create<TrustState>()(() => ({ trusted: true, code: [] }));

export const isReadOnly = (): boolean => !useTrust.getState().trusted;

export const useReadOnly = (): boolean => useTrust(({ trusted }) => !trusted);
