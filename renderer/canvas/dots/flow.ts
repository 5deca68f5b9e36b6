import { create } from 'zustand';
import { displayNowMs, useDisplay } from '../../display/display.ts';
import { createDotFlow, type Scale } from './dot-flow.ts';

/** The dots of what the canvas shows. */
export const dotFlow = createDotFlow();

/** What the legend says. */
export const useDotScale = create<{ scale: Scale; flowing: boolean }>()(() => ({
  scale: { ok: 1, failed: 1 },
  flowing: false,
}));

useDisplay.subscribe(({ frame }, before) => {
  if (frame === before.frame) return;
  if (frame) dotFlow.add(frame, displayNowMs());
  else dotFlow.clear();
  const [scale, flowing] = [dotFlow.scale(), frame?.traffic?.state === 'running'];
  const told = useDotScale.getState();
  if (told.flowing !== flowing || told.scale.ok !== scale.ok || told.scale.failed !== scale.failed)
    useDotScale.setState({ scale, flowing });
});
