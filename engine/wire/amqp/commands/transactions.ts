import { preconditionFailed } from '../protocol/errors.ts';
import type { Channel } from '../session/channel.ts';
import { send } from '../session/publishing.ts';
import { apply } from '../session/settlement.ts';
import type { Transaction } from '../session/transaction.ts';
import type { Commands } from './command.ts';

const transactionOf = ({ transaction }: Channel): Transaction => {
  if (!transaction) throw preconditionFailed('channel is not transactional');
  return transaction;
};

export const transactionCommands: Commands = {
  'confirm.select'(channel, { noWait }) {
    if (channel.transaction) throw preconditionFailed('cannot switch from tx to confirm mode');
    channel.startConfirms();
    if (!noWait) channel.send('confirm.select-ok', {});
  },
  'tx.select'(channel) {
    if (channel.confirms) throw preconditionFailed('cannot switch from confirm to tx mode');
    channel.startTransaction();
    channel.send('tx.select-ok', {});
  },
  'tx.commit'(channel) {
    const { publications, settlements } = transactionOf(channel).take();
    let isRefused = false;
    for (const publication of publications) if (send(channel, publication).isRefused) isRefused = true;
    for (const { settlement, deliveries } of settlements) apply(channel, settlement, deliveries);
    if (isRefused) throw preconditionFailed('partial tx completion');
    channel.line.whenDurable(() => channel.send('tx.commit-ok', {}));
  },
  'tx.rollback'(channel) {
    channel.unacked.restore(transactionOf(channel).takeSettlements());
    channel.send('tx.rollback-ok', {});
  },
};
