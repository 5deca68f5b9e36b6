import { Redis, type RedisOptions } from 'ioredis';
import { reasonOfSystemError } from '../../call-failure.ts';
import type { WiredEdge } from '../../protocol.ts';
import { PublishFailure } from '../client.ts';

/** A broker that was away is noticed within so long. */
const RECONNECT_MS = 100;

function optionsOf({ ports: [port], login, config }: WiredEdge): RedisOptions {
  return {
    host: '127.0.0.1',
    port: port as number,
    ...(login?.user && { username: login.user }),
    ...(login?.password && { password: login.password }),
    ...(login?.database && { db: Number(login.database) }),
    connectTimeout: config.timeoutMs,
    retryStrategy: () => RECONNECT_MS,
  };
}

/** For consumers: commands wait until the broker is back. */
export const openPatient = (edge: WiredEdge): Redis => new Redis({ ...optionsOf(edge), maxRetriesPerRequest: null });

/** For publishers: nothing is sent later than its caller knows. */
export interface PromptConnection {
  redis: Redis;
  /**
   * Runs a command as soon as there is a connection. Rejects with a `PublishFailure`: at once where there is none, and
   * surely nothing was sent then.
   */
  run<Result>(command: (redis: Redis) => Promise<Result>, signal: AbortSignal): Promise<Result>;
}

export function openPrompt(edge: WiredEdge, onProblem: (message: string) => void): PromptConnection {
  const redis = new Redis({
    ...optionsOf(edge),
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  });
  /** Why there is no connection; null while one is being made for the first time. */
  let problem: Error | null = null;
  redis.on('error', (error: Error) => {
    problem = error;
  });
  redis.on('close', () => {
    problem ??= Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
  });
  redis.on('ready', () => {
    problem = null;
  });

  const untilReady = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const over = (): void => {
        redis.off('ready', ready);
        redis.off('close', closed);
        signal.removeEventListener('abort', aborted);
      };
      const ready = (): void => {
        over();
        resolve();
      };
      const closed = (): void => {
        over();
        reject(noConnection());
      };
      const aborted = (): void => {
        over();
        reject(new PublishFailure(true, 'timeout', edge.id, 'no connection in time'));
      };
      redis.once('ready', ready);
      redis.once('close', closed);
      signal.addEventListener('abort', aborted, { once: true });
    });

  const noConnection = (): PublishFailure =>
    new PublishFailure(
      true,
      problem && reasonOfSystemError(problem) === 'refused' ? 'refused' : 'reset',
      edge.id,
      problem?.message ?? 'no connection',
    );

  return {
    redis,
    async run(command, signal) {
      if (redis.status !== 'ready') {
        if (problem) throw noConnection();
        await untilReady(signal);
      }
      try {
        return await command(redis);
      } catch (error) {
        throw failureOf(error as Error, edge, onProblem);
      }
    },
  };
}

/** An error reply is the broker's word that it has not stored the message; a broken connection says nothing. */
function failureOf(error: Error, edge: WiredEdge, onProblem: (message: string) => void): PublishFailure {
  const { message } = error;
  if (error instanceof PublishFailure) return error;
  if (error.name === 'ReplyError') {
    if (/\b(OOM|MISCONF)\b/.test(message)) return new PublishFailure(true, 'queue-full', edge.targetId, message);
    if (/^(NOAUTH|WRONGPASS)/.test(message)) return new PublishFailure(true, 'refused', edge.id, message);
    return new PublishFailure(true, 'handler-error', edge.targetId, message);
  }
  if (message.includes("Stream isn't writeable")) return new PublishFailure(true, 'reset', edge.id, message);
  if (error.name === 'MaxRetriesPerRequestError' || message.includes('Connection is closed'))
    return new PublishFailure(false, 'reset', edge.id, 'the connection broke before the confirmation came');
  onProblem(message);
  return new PublishFailure(false, reasonOfSystemError(error), edge.id, message);
}
