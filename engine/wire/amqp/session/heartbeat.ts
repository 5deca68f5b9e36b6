import { FRAME_HEARTBEAT } from '../protocol/constants.ts';
import type { Transport } from './transport.ts';

/** Watches that both sides of a connection say something, every so many seconds. */
export interface Heartbeat {
  /** While the client is not read from, nothing comes. */
  pause(isPaused: boolean): void;
  stop(): void;
}

/** Silent for more than so many half intervals, a client is taken for dead. */
const MAX_SILENT_HALVES = 4;

export function startHeartbeat(intervalS: number, transport: Transport, lost: () => void): Heartbeat {
  let { receivedBytes, sentBytes } = transport;
  let silentHalves = 0;
  let isPaused = false;
  const timer = setInterval(() => {
    if (transport.sentBytes === sentBytes && !transport.isCongested()) {
      transport.output.end(transport.output.begin(FRAME_HEARTBEAT, 0, 0));
      transport.flush();
    }
    silentHalves = isPaused || transport.receivedBytes !== receivedBytes ? 0 : silentHalves + 1;
    ({ receivedBytes, sentBytes } = transport);
    if (silentHalves > MAX_SILENT_HALVES) lost();
  }, intervalS * 500).unref();
  return {
    pause(paused) {
      isPaused = paused;
    },
    stop: () => clearInterval(timer),
  };
}
