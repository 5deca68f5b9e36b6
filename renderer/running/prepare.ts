import type { ArchipelDocument } from '../../engine/model/document.ts';
import { engine, useConnection } from '../engine-client/client.ts';
import { useDocument } from '../stores/document.ts';

/** An edit is followed by others; what is on the canvas then is what may be run. */
const REST_MS = 1500;

/** Tells the engine what is on the canvas, so that Run finds idle processes waiting. Returns how to stop. */
export function prepareWhatMayRun(): () => void {
  let told: ArchipelDocument | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = (): void => {
    const { document } = useDocument.getState();
    if (useConnection.getState().state !== 'online' || document === told) return;
    told = document;
    // What does not get through is prepared later, or not: Run works all the same.
    engine.topology.prepare.mutate({ document }).catch(() => {
      told = null;
    });
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(tell, REST_MS);
  };
  const ends = [
    useDocument.subscribe(soon),
    useConnection.subscribe(({ state }, before) => {
      if (state === before.state) return;
      // An engine that was started anew knows nothing.
      told = null;
      soon();
    }),
  ];
  soon();
  return () => {
    clearTimeout(timer);
    for (const end of ends) end();
  };
}
