import { useSyncExternalStore } from 'react';

const query = typeof matchMedia === 'undefined' ? null : matchMedia('(prefers-reduced-motion: reduce)');

export const wantsLessMotion = (): boolean => query?.matches ?? false;

/** How long something may glide: not at all where less motion is asked for. */
export const glideMs = (durationMs: number): number => (wantsLessMotion() ? 0 : durationMs);

const subscribe = (changed: () => void): (() => void) => {
  query?.addEventListener('change', changed);
  return () => query?.removeEventListener('change', changed);
};

/** Whether the system asks for less motion. */
export const useReducedMotion = (): boolean => useSyncExternalStore(subscribe, wantsLessMotion);
