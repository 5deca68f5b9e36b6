import { create } from 'zustand';

const KEY = 'archipel-tour';

/** Remembered by the browser or the desktop window; where it may not, the tour is only offered again. */
const remember = {
  read(): boolean {
    try {
      return localStorage.getItem(KEY) !== null;
    } catch {
      return false;
    }
  },
  write(): void {
    try {
      localStorage.setItem(KEY, 'seen');
    } catch {
      // The tour is offered again next time.
    }
  },
};

interface TourState {
  /** Place of the step that is shown; null: no tour is under way. */
  step: number | null;
  /** It was taken or declined, here or in an earlier window. */
  isKnown: boolean;
}

export const useTour = create<TourState>()(() => ({ step: null, isKnown: remember.read() }));

export const goTo = (step: number): void => useTour.setState({ step });

export function endTour(): void {
  remember.write();
  useTour.setState({ step: null, isKnown: true });
}
