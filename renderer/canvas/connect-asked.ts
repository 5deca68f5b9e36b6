import { create } from 'zustand';
import type { Side } from './targets.ts';

type Point = { x: number; y: number };

/** A connection that needs its other end. */
export interface Asked {
  from: string;
  side: Side;
  /** Where it was let go, on the screen and in the document; null when it was asked for by keys. */
  at: { screen: Point; flow: Point } | null;
}

export const useConnect = create<{ asked: Asked | null }>()(() => ({ asked: null }));

export const askConnect = (asked: Asked): void => useConnect.setState({ asked });
export const closeConnect = (): void => useConnect.setState({ asked: null });
