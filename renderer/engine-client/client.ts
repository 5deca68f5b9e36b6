import { createTRPCClient, createWSClient, TRPCClientError, type TRPCLink, wsLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { create } from 'zustand';
import type { Router } from '../../engine/api/router.ts';
import { isReplaying } from '../stores/replay.ts';
import { socketUrl } from './address.ts';
import { replayError } from './errors.ts';
import { createSilence } from './silence.ts';

/** `silent` is an engine whose connection holds, but that says nothing: it is stopped, or too busy to answer. */
export type ConnectionState = 'connecting' | 'online' | 'silent' | 'reconnecting';

/** Whether the engine can be reached now. `refused` counts connections that failed since the last good one. */
export const useConnection = create<{ state: ConnectionState; refused: number }>()(() => ({
  state: 'connecting',
  refused: 0,
}));

const lost = () =>
  useConnection.setState(({ state, refused }) => ({
    state: state === 'connecting' ? 'connecting' : 'reconnecting',
    refused: refused + 1,
  }));

/** While nothing else comes from it, the engine is asked this often whether it is there. */
const ASK_EVERY_MS = 1500;

const silence = createSilence({
  onSilent: () => useConnection.setState(({ state }) => (state === 'online' ? { state: 'silent' } : {})),
  onHeard: () => useConnection.setState(({ state }) => (state === 'silent' ? { state: 'online' } : {})),
});

/** One whose words are noted, so that silence is known long before the connection is given up. */
class HeardSocket extends WebSocket {
  constructor(url: string | URL) {
    super(url);
    this.addEventListener('message', silence.heard);
  }
}

/** Reconnects for ever by itself; subscriptions go on after it. The address is asked anew for each attempt. */
const socket = createWSClient({
  url: socketUrl,
  retryDelayMs: (attempt) => Math.min(100 * 2 ** attempt, 1000),
  WebSocket: HeardSocket,
  // An engine that was silent for a while goes on where it was: what it was asked meanwhile is not lost, nor done twice.
  keepAlive: { enabled: true, intervalMs: ASK_EVERY_MS, pongTimeoutMs: 60_000 },
  onOpen: () => {
    silence.heard();
    useConnection.setState({ state: 'online', refused: 0 });
  },
  onClose: lost,
  onError: lost,
});

/** Of what changes something that runs, so that nobody acts on the past and hits what is live. */
const acts = /^(topology\.(?!prepare)|traffic\.|faults\.|experiments\.st|sweeps\.|requests\.|messages\.)/;

const refuseInReplay: TRPCLink<Router> =
  () =>
  ({ op, next }) =>
    op.type === 'mutation' && acts.test(op.path) && isReplaying()
      ? observable((observer) => observer.error(TRPCClientError.from(replayError)))
      : next(op);

/** Every call of the contract. The only way from the interface to the engine. */
export const engine = createTRPCClient<Router>({ links: [refuseInReplay, wsLink({ client: socket })] });
