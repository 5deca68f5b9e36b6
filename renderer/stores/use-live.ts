import { type RefCallback, useCallback, useEffect, useRef, useState } from 'react';
import type { EngineFrame } from '../../engine/api/types.ts';
import { frameNow, useRun } from './run.ts';

type Read<T> = (frame: EngineFrame | null) => T;

/** Writes a text that changes with every frame straight to its element, so that many cards stay smooth. */
export function useLiveText(read: Read<string>): RefCallback<HTMLElement> {
  const reading = useRef(read);
  reading.current = read;
  return useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const write = () => {
      const text = reading.current(frameNow());
      if (element.textContent !== text) element.textContent = text;
    };
    write();
    return useRun.subscribe(write);
  }, []);
}

/** The newest frame a few times a second: for panels that draw much from it. */
export function useFrameEvery(intervalMs: number): EngineFrame | null {
  const [frame, setFrame] = useState(frameNow);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = useRun.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        setFrame(frameNow());
      }, intervalMs);
    });
    setFrame(frameNow());
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [intervalMs]);
  return frame;
}
