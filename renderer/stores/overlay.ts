import { create } from 'zustand';

/** What lies over the whole window and is asked for by commands. */
export type Overlay = 'commands' | 'shortcuts' | 'templates';

export const useOverlay = create<{ open: Overlay | null; schemeAsked: number }>()(() => ({
  open: null,
  schemeAsked: 0,
}));

export const openOverlay = (open: Overlay): void => useOverlay.setState({ open });
export const closeOverlay = (): void => useOverlay.setState({ open: null });

/** Light becomes dark, and dark light. The colours belong to the theme, which listens. */
export const askScheme = (): void => useOverlay.setState(({ schemeAsked }) => ({ schemeAsked: schemeAsked + 1 }));
