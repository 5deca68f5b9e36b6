import type { PeekedPage } from '../../model/peek.ts';
import { nothingSeen } from '../../process-kit/messages/peeked.ts';

export const exchangeSeen = (): PeekedPage =>
  nothingSeen('An exchange keeps nothing: what it hands on lies in the queues that are bound to it.');

/** `basic.get` with a requeue would leave its mark on each message, and take its place in the queue from it. */
export const serverSeen = (): PeekedPage =>
  nothingSeen(
    'A RabbitMQ that is not embedded shows no message without handing it out: AMQP has no way to look, and a message that is taken and put back counts as redelivered. Its counts are right, and the embedded server shows its messages.',
  );
