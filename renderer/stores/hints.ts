import { create } from 'zustand';
import { catalogue } from '../../engine/catalogue.ts';
import type { Hint } from '../../engine/model/hints/hint.ts';
import { hintsOf } from '../../engine/model/hints/index.ts';
import { useDocument } from './document.ts';
import { useFile } from './file.ts';

const DELAY_MS = 300;

interface HintsState {
  hints: readonly Hint[];
  /** Ids of hints that somebody dismissed, by document. Kept as long as the window. */
  dismissed: Readonly<Record<string, readonly string[]>>;
}

/** Weaknesses of the document as it is now. */
export const useHints = create<HintsState>()(() => ({ hints: [], dismissed: {} }));

const none: readonly string[] = [];
const documentKey = (): string => useFile.getState().path ?? useDocument.getState().document.name;

export const dismissedIn = ({ dismissed }: HintsState): readonly string[] => dismissed[documentKey()] ?? none;

export const openHints = (state: HintsState): number => {
  const dismissed = dismissedIn(state);
  return state.hints.filter(({ id }) => !dismissed.includes(id)).length;
};

export function setDismissed(id: string, isDismissed: boolean): void {
  useHints.setState((state) => {
    const others = dismissedIn(state).filter((other) => other !== id);
    return { dismissed: { ...state.dismissed, [documentKey()]: isDismissed ? [...others, id] : others } };
  });
}

/** Keeps `useHints` up to date. Returns how to stop. */
export function watchHints(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => useHints.setState({ hints: hintsOf(useDocument.getState().document, catalogue) });
  look();
  const unsubscribe = useDocument.subscribe(() => {
    clearTimeout(timer);
    timer = setTimeout(look, DELAY_MS);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
