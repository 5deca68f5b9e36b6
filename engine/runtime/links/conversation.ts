import type { Protocol } from '../../model/edge.ts';
import { HEALTH_PATH } from '../../model/health-path.ts';
import { ANSWER_BYTES, amqpFramesIn, OPENING, OPENING_ANSWERS, QUESTION } from './amqp-question.ts';

/** Questions that any server of the protocol answers, one after the other on one connection. */
export interface Conversation {
  next(size: { bytes: number; answerBytes: number }): { question: Buffer; isAnswer(received: Buffer): boolean };
}

/** No server minds a header line of this size. */
const MAX_PADDING_BYTES = 2048;
/** No HTTP response that says how long it is is smaller. */
const LEAST_RESPONSE_BYTES = 100;

/** Health checks, as many as make up the size, one behind the other. */
const askHttp = (): Conversation => ({
  next({ bytes, answerBytes }) {
    const plain = `GET ${HEALTH_PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\n`;
    const count = Math.max(1, Math.ceil(bytes / MAX_PADDING_BYTES), Math.ceil(answerBytes / LEAST_RESPONSE_BYTES));
    const padding = Math.floor(bytes / count) - plain.length - 'x-padding: \r\n\r\n'.length;
    const request = padding > 0 ? `${plain}x-padding: ${'x'.repeat(padding)}\r\n\r\n` : `${plain}\r\n`;
    return { question: Buffer.from(request.repeat(count)), isAnswer: (received) => responsesIn(received) >= count };
  },
});

/** How many whole HTTP responses these bytes hold. */
function responsesIn(received: Buffer): number {
  const text = received.toString('latin1');
  let count = 0;
  for (let from = 0; ; count += 1) {
    const bodyFrom = text.indexOf('\r\n\r\n', from) + 4;
    if (bodyFrom < 4) return count;
    const head = text.slice(from, bodyFrom).toLowerCase();
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    if (head.includes('\r\ntransfer-encoding: chunked')) {
      const last = text.indexOf('0\r\n\r\n', bodyFrom);
      if (last < 0) return count;
      from = last + 5;
    } else {
      from = bodyFrom + Number(length ?? 0);
      if (from > text.length) return count;
    }
  }
}

/** PING, which answers with what it is given. */
const askRedis = (): Conversation => ({
  next({ bytes, answerBytes }) {
    const size = Math.max(bytes, answerBytes);
    if (size === 0)
      return { question: Buffer.from('*1\r\n$4\r\nPING\r\n'), isAnswer: (received) => received.includes('\r\n') };
    return {
      question: Buffer.from(`*2\r\n$4\r\nPING\r\n$${size}\r\n${'x'.repeat(size)}\r\n`),
      // An error is an answer too, such as that of a server that wants a password first.
      isAnswer: (received) => received.length >= `$${size}\r\n\r\n`.length + size || received[0] === '-'.charCodeAt(0),
    };
  },
});

/** ApiVersions in version 0, which any server answers. */
const API_VERSIONS_KEY = 18;
const MAX_CLIENT_ID_BYTES = 30_000;

/** Asks which versions it knows, as often as makes up the size, one behind the other. */
const askKafka = (): Conversation => ({
  next({ bytes, answerBytes }) {
    const count = Math.max(1, Math.ceil(bytes / MAX_CLIENT_ID_BYTES), Math.ceil(answerBytes / LEAST_RESPONSE_BYTES));
    const question = kafkaQuestion(Math.max(0, Math.floor(bytes / count) - kafkaQuestion(0).length));
    return {
      question: Buffer.concat(Array.from({ length: count }, () => question)),
      isAnswer: (received) => framesIn(received) >= count,
    };
  },
});

/** The name of the client may be as long as one likes. */
export function kafkaQuestion(clientIdBytes: number): Buffer {
  const request = Buffer.alloc(14 + clientIdBytes, 'x');
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(API_VERSIONS_KEY, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(1, 8);
  request.writeInt16BE(clientIdBytes, 12);
  return request;
}

/** How many whole messages of Kafka these bytes hold. */
function framesIn(received: Buffer): number {
  let count = 0;
  for (let at = 0; at + 4 <= received.length; count += 1) {
    at += 4 + received.readInt32BE(at);
    if (at > received.length) return count;
  }
  return count;
}

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const PROTOCOL_3 = 196_608;
/** PostgreSQL takes no larger start of a session. */
const MAX_START_BYTES = 9000;

const message = (...parts: (number | Buffer)[]): Buffer => {
  const bodies = parts.map((part) => {
    if (Buffer.isBuffer(part)) return part;
    const number = Buffer.alloc(4);
    number.writeUInt32BE(part);
    return number;
  });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + bodies.reduce((sum, { length: size }) => sum + size, 0));
  return Buffer.concat([length, ...bodies]);
};

/**
 * What may be asked before any login: for SSL, for GSS, then the start of a session, which is answered by the request for a
 * password. PostgreSQL logs none of it.
 */
const askPostgres = (): Conversation => {
  let asked = 0;
  return {
    next({ bytes }) {
      asked += 1;
      const isAnswer = (received: Buffer): boolean => received.length > 0;
      if (asked <= 2 && bytes <= 8) return { question: message(asked === 1 ? SSL_REQUEST : GSS_REQUEST), isAnswer };
      asked = 3;
      const name = 'x'.repeat(Math.max(1, Math.min(bytes, MAX_START_BYTES) - 48));
      const session = Buffer.from(`user\0archipel\0application_name\0${name}\0\0`);
      return { question: message(PROTOCOL_3, session), isAnswer };
    },
  };
};

/** A connection with a channel, and questions on it, as many as make up the size. */
const askRabbit = (): Conversation => {
  let opened = false;
  return {
    next({ bytes, answerBytes }) {
      const opening = opened ? Buffer.alloc(0) : OPENING;
      const answersOfOpening = opened ? 0 : OPENING_ANSWERS;
      const wanted = Math.ceil(Math.max((bytes - opening.length) / QUESTION.length, answerBytes / ANSWER_BYTES));
      const count = Math.max(opened ? 1 : 0, wanted);
      opened = true;
      return {
        question: Buffer.concat([opening, ...Array<Buffer>(count).fill(QUESTION)]),
        isAnswer(received) {
          const frames = amqpFramesIn(received);
          return frames.count >= answersOfOpening + count || frames.isEnd;
        },
      };
    },
  };
};

export const conversations: Record<Protocol, () => Conversation> = {
  http: askHttp,
  postgres: askPostgres,
  'redis-messages': askRedis,
  kafka: askKafka,
  'rabbitmq-messages': askRabbit,
  redis: askRedis,
};
