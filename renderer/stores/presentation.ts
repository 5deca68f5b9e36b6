import { create } from 'zustand';

/** For a projector: the canvas alone, in larger type. */
export const usePresentation = create<{ on: boolean }>()(() => ({ on: false }));

export const togglePresentation = (): void => usePresentation.setState(({ on }) => ({ on: !on }));
