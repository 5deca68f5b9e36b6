import { injectAct } from '../inject-act.ts';
import { leftNothing } from '../left-nothing.ts';
import { untilMeasured } from '../until-measured.ts';
import type { SlowLorisParameters } from './act.ts';

/** So long may it take until all connections are there. */
const LOOK_MS = 3000;

export const injectSlowLoris = injectAct<SlowLorisParameters>('slow-loris', {
  async effect({ parameters: { connections }, state }) {
    const wanted = Math.round(connections);
    const {
      open = 0,
      bytes = 0,
      closedByServer = 0,
    } = await untilMeasured(
      state,
      (measured) => (measured.open ?? 0) >= wanted && (measured.bytes ?? 0) >= wanted,
      LOOK_MS,
    );
    const again = closedByServer > 0 ? `, ${closedByServer} closed by the server so far` : '';
    return {
      holds: open >= Math.max(1, 0.9 * wanted),
      evidence: `${open} of ${wanted} connections are held open with ${bytes} bytes sent along them${again}`,
    };
  },
  removal: leftNothing('open', 'connections'),
});
