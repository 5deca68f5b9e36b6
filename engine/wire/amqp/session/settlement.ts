import { notImplemented, preconditionFailed } from '../protocol/errors.ts';
import type { Channel } from './channel.ts';
import type { Settlement } from './transaction.ts';
import type { Delivery } from './unacked.ts';

/** What a client says of a delivery, or of all up to it (`isMultiple`; 0: of all that there are). */
export function settle(channel: Channel, settlement: Settlement, tag: number, isMultiple: boolean): void {
  const deliveries = take(channel, tag, isMultiple);
  if (channel.transaction) channel.transaction.settle(settlement, deliveries);
  else apply(channel, settlement, deliveries);
}

export function apply(channel: Channel, settlement: Settlement, deliveries: readonly Delivery[]): void {
  for (const { entry } of deliveries) entry.queue[settlement](entry);
  channel.settled(deliveries);
}

/** All that is not acknowledged goes back to where it was. */
export function recover(channel: Channel, isRequeued: boolean): void {
  if (!isRequeued) throw notImplemented('requeue=false');
  apply(channel, 'requeue', channel.unacked.takeAll());
}

function take({ unacked }: Channel, tag: number, isMultiple: boolean): readonly Delivery[] {
  if (isMultiple && tag === 0) return unacked.takeAll();
  const one = isMultiple ? undefined : unacked.take(tag);
  const deliveries = isMultiple ? unacked.takeUpTo(tag) : one && [one];
  if (!deliveries) throw preconditionFailed(`unknown delivery tag ${tag}`);
  return deliveries;
}
