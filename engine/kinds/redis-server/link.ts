import type { WiredEdge } from '../../process-kit/protocol.ts';
import { connectResp, type RespClient } from '../../wire/resp/client.ts';
import { RespError } from '../../wire/resp/errors.ts';
import { logIn } from '../../wire/resp/log-in.ts';
import type { Reply } from '../../wire/resp/reply.ts';

export interface ServerAddress {
  host: string;
  port: number;
  login?: WiredEdge['login'];
}

/** The engine's own way to a server: one connection that is kept, and made anew when it is gone. */
export interface ServerLink {
  /** Whether it answers PING, with "PONG" and no error. Never throws. */
  healthy(timeoutMs: number): Promise<boolean>;
  /** Rejects with the error reply, or when there is no answer within a second. */
  execute(...command: string[]): Promise<Reply>;
  /** All in one write, and so in one round trip. Rejects with the first error reply. */
  executeAll(commands: readonly string[][]): Promise<Reply[]>;
}

const ANSWER_MS = 1000;

/** Ending the signal closes it. */
export function createServerLink(address: ServerAddress, signal: AbortSignal): ServerLink {
  let kept: RespClient | null = null;
  signal.addEventListener('abort', () => kept?.destroy(), { once: true });

  const send = async (commands: readonly (readonly string[])[], timeoutMs: number): Promise<Reply[]> => {
    const limit = new AbortController();
    const end = (): void => limit.abort();
    const timer = setTimeout(end, timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    const client = kept?.usable ? kept : null;
    kept = null;
    let used = client;
    const cut = (): void => used?.destroy();
    limit.signal.addEventListener('abort', cut, { once: true });
    try {
      used ??= await open(address, limit.signal);
      const replies = await used.send(...commands);
      if (!kept && !signal.aborted) kept = used;
      else used.destroy();
      const refused = replies.find((reply) => reply instanceof RespError);
      if (refused) throw refused;
      return replies;
    } catch (error) {
      if (!(error instanceof RespError)) used?.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      limit.signal.removeEventListener('abort', cut);
    }
  };

  return {
    healthy: (timeoutMs) =>
      send([['PING']], timeoutMs).then(
        () => true,
        () => false,
      ),
    execute: async (...command) => (await send([command], ANSWER_MS))[0] as Reply,
    executeAll: (commands) => send(commands, ANSWER_MS),
  };
}

async function open({ host, port, login }: ServerAddress, signal: AbortSignal): Promise<RespClient> {
  const client = await connectResp({ host, port, signal });
  await logIn(client, login ?? {});
  return client;
}

/** Asks once, over a connection of its own. Never throws. */
export async function answersPing(address: ServerAddress, timeoutMs: number): Promise<boolean> {
  const over = new AbortController();
  try {
    return await createServerLink(address, over.signal).healthy(timeoutMs);
  } finally {
    over.abort();
  }
}
