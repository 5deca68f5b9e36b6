/*
 * What any server of AMQP 0-9-1 answers: the beginning of a connection with the login that RabbitMQ has for clients of its own
 * computer, then whether an exchange is there that all servers have.
 */

const frame = (channel: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(7);
  head[0] = 1;
  head.writeUInt16BE(channel, 1);
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.from([0xce])]);
};

const method = (channel: number, classId: number, methodId: number, ...args: Buffer[]): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(classId);
  head.writeUInt16BE(methodId, 2);
  return frame(channel, Buffer.concat([head, ...args]));
};

const shortText = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const longText = (text: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
};
const noTable = Buffer.alloc(4);

/** The protocol header, start-ok, tune-ok with one channel, 131072 bytes a frame and no heartbeat, open of "/", and a channel. */
export const OPENING = Buffer.concat([
  Buffer.from('AMQP\0\0\x09\x01', 'latin1'),
  method(0, 10, 11, noTable, shortText('PLAIN'), longText('\0guest\0guest'), shortText('en_US')),
  method(0, 10, 31, Buffer.from([0, 1, 0, 2, 0, 0, 0, 0])),
  method(0, 10, 40, shortText('/'), shortText(''), Buffer.from([0])),
  method(1, 20, 10, shortText('')),
]);
/** Start, tune, open-ok, and channel.open-ok. */
export const OPENING_ANSWERS = 4;

/** Is there an `amq.direct`? */
export const QUESTION = method(
  ...([1, 40, 10] as const),
  ...[Buffer.from([0, 0]), shortText('amq.direct'), shortText('direct'), Buffer.from([1]), noTable],
);
/** Yes: a frame with nothing but the name of its method. */
export const ANSWER_BYTES = 12;

/** How many whole frames these bytes hold, and whether the server ends the connection with one of them. */
export function amqpFramesIn(received: Buffer): { count: number; isEnd: boolean } {
  let count = 0;
  let isEnd = false;
  for (let at = 0; at + 8 <= received.length; count += 1) {
    const end = at + 8 + received.readUInt32BE(at + 3);
    if (end > received.length) break;
    if (received[at] === 1 && received.readUInt16BE(at + 7) === 10 && received.readUInt16BE(at + 9) === 50)
      isEnd = true;
    at = end;
  }
  return { count, isEnd };
}
