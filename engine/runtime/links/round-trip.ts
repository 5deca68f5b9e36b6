import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Protocol } from '../../model/edge.ts';
import { HEALTH_PATH } from '../../model/health-path.ts';
import { connectResp, type RespClient } from '../../wire/resp/client.ts';
import { amqpFramesIn, OPENING, OPENING_ANSWERS, QUESTION } from './amqp-question.ts';
import { kafkaQuestion } from './conversation.ts';

export interface RoundTripOptions {
  protocol: Protocol;
  /** A lane's port. */
  port: number;
  samples: number;
  /** For all samples together. */
  timeoutMs: number;
}

/** One way to ask something that the other side answers at once. Resolves with the time from question to answer. */
type Ask = (port: number, signal: AbortSignal) => Promise<number>;

interface Question {
  ask: Ask;
  close(): void;
}

/** The median of the answers that came in time, or null when none did. Never throws. */
export async function measureRoundTrip({
  protocol,
  port,
  samples,
  timeoutMs,
}: RoundTripOptions): Promise<number | null> {
  const aborter = new AbortController();
  const timer = setTimeout(() => aborter.abort(), timeoutMs);
  const { ask, close } = questions[protocol]();
  const measured: number[] = [];
  try {
    // The first also opens the connection, and warms up what it passes; it does not count.
    await ask(port, aborter.signal);
    for (let i = 0; i < samples; i += 1) measured.push(await ask(port, aborter.signal));
  } catch {
    // Refused, reset or too late: what was answered before still counts.
  } finally {
    clearTimeout(timer);
    close();
  }
  measured.sort((a, b) => a - b);
  return measured[Math.floor(measured.length / 2)] ?? null;
}

/** PING, over one connection that is kept. */
function askRedis(): Question {
  let client: RespClient | undefined;
  const ask: Ask = async (port, signal) => {
    client ??= await connectResp({ port, signal });
    const startMs = performance.now();
    // Any answer will do, also that of a server that wants a password first.
    await client.send(['PING']);
    return performance.now() - startMs;
  };
  return { ask, close: () => client?.destroy() };
}

/** The health check, over one connection that is kept alive. */
function askHttp(): Question {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask: Ask = (port, signal) =>
    new Promise((resolve, reject) => {
      const startMs = performance.now();
      const request = get({ host: '127.0.0.1', port, path: HEALTH_PATH, agent, signal }, (response) => {
        const endMs = performance.now();
        response.on('error', reject);
        response.on('end', () => resolve(endMs - startMs));
        response.resume();
      });
      request.on('error', reject);
    });
  return { ask, close: () => agent.destroy() };
}

/** PostgreSQL's SSLRequest, which it answers with one byte before any login. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

const askPostgres: Ask = (port, signal) =>
  new Promise((resolve, reject) => {
    let startMs = 0;
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, signal }, () => {
      startMs = performance.now();
      socket.write(SSL_REQUEST);
    });
    socket.once('data', () => {
      resolve(performance.now() - startMs);
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed without an answer')));
  });

/** ApiVersions, over one connection that is kept. */
function askKafka(): Question {
  let socket: Socket | undefined;
  const ask: Ask = (port, signal) =>
    new Promise((resolve, reject) => {
      socket ??= connect({ host: '127.0.0.1', port, noDelay: true, signal });
      const used = socket;
      const over = (): void => void used.off('data', answered).off('error', failed).off('close', closed);
      const answered = (): void => {
        over();
        resolve(performance.now() - startMs);
      };
      const failed = (error: Error): void => {
        over();
        used.on('error', () => {});
        reject(error);
      };
      const closed = (): void => failed(new Error('closed without an answer'));
      used.on('data', answered).on('error', failed).on('close', closed);
      const startMs = performance.now();
      used.write(kafkaQuestion(0));
    });
  return { ask, close: () => socket?.destroy() };
}

/** Whether an exchange is there, over one connection and channel that are kept. */
function askRabbit(): Question {
  let open: Socket | undefined;
  const askFor = (socket: Socket, question: Buffer, answers: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let received: Buffer = Buffer.alloc(0);
      const closed = (): void => reject(new Error('closed without an answer'));
      socket.on('data', function take(chunk: Buffer) {
        received = Buffer.concat([received, chunk]);
        if (amqpFramesIn(received).count < answers && !amqpFramesIn(received).isEnd) return;
        socket.off('data', take);
        socket.off('close', closed);
        resolve();
      });
      socket.once('close', closed);
      socket.write(question);
    });
  const ask: Ask = async (port, signal) => {
    if (!open) {
      open = connect({ host: '127.0.0.1', port, noDelay: true, signal });
      // Its close follows.
      open.on('error', () => {});
      await askFor(open, OPENING, OPENING_ANSWERS);
    }
    const startMs = performance.now();
    await askFor(open, QUESTION, 1);
    return performance.now() - startMs;
  };
  return { ask, close: () => open?.destroy() };
}

const questions: Record<Protocol, () => Question> = {
  http: askHttp,
  postgres: () => ({ ask: askPostgres, close: () => {} }),
  redis: askRedis,
  'redis-messages': askRedis,
  kafka: askKafka,
  'rabbitmq-messages': askRabbit,
};
