import { once } from 'node:events';
import { connect } from 'node:net';
import type { Answer, EdgeProbe, Fate } from '../../faults/edge-probe.ts';
import type { Protocol } from '../../model/edge.ts';
import { type Conversation, conversations } from './conversation.ts';

interface ProbeOptions {
  protocol: Protocol;
  /** A lane's port. */
  port: number;
  /** For the connection to stand. */
  timeoutMs?: number;
}

const CONNECT_MS = 2000;

/** Opens a connection as a caller would, and says what becomes of it. Never throws. */
export async function dialProbe({ protocol, port, timeoutMs = CONNECT_MS }: ProbeOptions): Promise<EdgeProbe> {
  const conversation: Conversation = conversations[protocol]();
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
  let fate: Fate = 'open';
  let received: Buffer[] = [];
  let receivedBytes = 0;
  let onChange: () => void = () => {};

  const become = (next: Fate): void => {
    if (fate === 'open') fate = next;
    onChange();
  };
  socket.on('data', (bytes: Buffer) => {
    received.push(bytes);
    receivedBytes += bytes.length;
    onChange();
  });
  socket.on('end', () => become('ended'));
  socket.on('error', (error: NodeJS.ErrnoException) => become(error.code === 'ECONNREFUSED' ? 'refused' : 'reset'));
  socket.on('close', () => become('ended'));
  await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => {});

  /** Resolves when the condition holds or the time is over; looks whenever something happens. */
  const until = (condition: () => boolean, withinMs: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        onChange = () => {};
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      onChange = () => condition() && done();
      onChange();
    });

  return {
    fate: () => fate,
    async ask({ bytes = 0, answerBytes = 0, timeoutMs: withinMs }) {
      received = [];
      receivedBytes = 0;
      const { question, isAnswer } = conversation.next({ bytes, answerBytes });
      const startMs = performance.now();
      // A write to a connection that is over would be an error of its own.
      if (fate === 'open') socket.write(question);
      let answered = false;
      let seenBytes = -1;
      await until(() => {
        if (receivedBytes !== seenBytes) answered ||= isAnswer(Buffer.concat(received));
        seenBytes = receivedBytes;
        return answered || fate !== 'open';
      }, withinMs);
      return {
        answered,
        tookMs: performance.now() - startMs,
        sentBytes: question.length,
        receivedBytes,
        pieces: received.length,
        fate,
      } satisfies Answer;
    },
    async end(withinMs) {
      const startMs = performance.now();
      socket.end();
      await until(() => fate !== 'open', withinMs);
      return fate === 'open' ? null : performance.now() - startMs;
    },
    close: () => void socket.destroy(),
  };
}
