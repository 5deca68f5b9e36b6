import type { BrokerContext } from '../cluster/context.ts';
import type { apis } from '../protocol/apis.ts';
import { errorCodes, KafkaError, ProtocolError } from '../protocol/errors.ts';
import { Batch } from '../records/batch.ts';
import type { Replica } from '../replication/replica.ts';
import { checkBatch } from './check-batch.ts';
import { findLed } from './find-partition.ts';
import type { Handler } from './handler.ts';
import { checkInTransaction } from './in-transaction.ts';

/** Of Produce, whose clients know that a transaction may have to be aborted. */
const FIRST_VERSION_WITH_ABORTABLE = 11;
const ALL_IN_SYNC = -1;

interface Outcome {
  index: number;
  errorCode: number;
  baseOffset: number;
  logAppendTimeMs: number;
  logStartOffset: number;
  errorMessage: string | null;
}

/** Something that is in the log and not confirmed yet. */
interface Pending {
  replica: Replica;
  /** To be there: everything before it. */
  offset: number;
  outcome: Outcome;
}

export const produce: Handler<typeof apis.produce> = (request, { broker, version, connection }) => {
  const { acks, timeoutMs } = request;
  const pending: Pending[] = [];
  const responses = request.topicData.map(({ name, partitionData }) => ({
    name,
    partitionResponses: partitionData.map(({ index, records }): Outcome => {
      try {
        return append(
          { broker, name, index, records, acks, version, transactionalId: request.transactionalId },
          pending,
        );
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return failed(index, error);
      }
    }),
  }));
  if (acks === 0) {
    // Nobody waits for an answer, so the end of the connection is the only way to say it.
    const [bad] = responses.flatMap((each) => each.partitionResponses).filter(({ errorCode }) => errorCode !== 0);
    if (bad) throw new ProtocolError(`records that were refused: ${bad.errorMessage}`);
    return null;
  }
  const waiting = pending.filter(({ replica, offset }) => !isThere(replica, offset, acks));
  if (waiting.length === 0) return { responses };
  return new Promise((resolve) => {
    let left = waiting.length;
    const answer = (): void => {
      clearTimeout(timer);
      unlisten();
      resolve({ responses });
    };
    const takeBack = waiting.map(({ replica, offset, outcome }) => {
      const done = (error: KafkaError | null): void => {
        if (error) Object.assign(outcome, failed(outcome.index, error));
        else if (isShort(broker, replica, acks)) Object.assign(outcome, notEnoughAfterAppend(outcome.index));
        else outcome.errorCode = errorCodes.NONE;
        left -= 1;
        if (left === 0) answer();
      };
      // What is not confirmed in time is told as it stands.
      outcome.errorCode = errorCodes.REQUEST_TIMED_OUT;
      replica.whenThere(offset, acks === ALL_IN_SYNC, done);
      return () => replica.forget(done);
    });
    const giveUp = (): void => {
      for (const each of takeBack) each();
      answer();
    };
    const timer = setTimeout(giveUp, timeoutMs).unref();
    const unlisten = connection.onceClosed(giveUp);
    if (left === 0) answer();
  });
};

function append(
  given: {
    broker: BrokerContext;
    name: string;
    index: number;
    records: Buffer | null;
    acks: number;
    version: number;
    transactionalId: string | null;
  },
  pending: Pending[],
): Outcome {
  const { broker, index, records, acks } = given;
  if (acks < ALL_IN_SYNC || acks > 1) throw new KafkaError('INVALID_REQUIRED_ACKS');
  const { controller } = broker.cluster;
  const topic = controller.topics.get(given.name);
  const replica = findLed(broker, topic, index);
  if (replica.topic.isInternal) throw new KafkaError('INVALID_TOPIC_EXCEPTION', 'Nobody but the brokers writes there.');
  if (isShort(broker, replica, acks))
    throw new KafkaError(
      'NOT_ENOUGH_REPLICAS',
      `The size of the current ISR ${replica.metadata.isr.length} is insufficient to satisfy the min.isr requirement of ${controller.minInSync(replica.topic, replica.metadata)} for partition ${given.name}-${index}`,
    );
  checkBatch(records, {
    setting: (setting) => controller.setting(replica.topic, setting),
    isCompacted: replica.log.settings.isCompacted,
    version: given.version,
    nowMs: broker.cluster.now(),
  });
  const batch = new Batch(records, 0);
  if (batch.isTransactional) {
    const { transactionalId, version, name } = given;
    if (transactionalId === null) throw new KafkaError('TRANSACTIONAL_ID_AUTHORIZATION_FAILED');
    checkInTransaction(broker, transactionalId, batch, { topic: name, index }, version >= FIRST_VERSION_WITH_ABORTABLE);
  }
  const { firstOffset, lastOffset, logAppendTime } = replica.append(records);
  const outcome: Outcome = {
    index,
    errorCode: errorCodes.NONE,
    baseOffset: firstOffset,
    logAppendTimeMs: logAppendTime,
    logStartOffset: replica.log.startOffset,
    errorMessage: null,
  };
  if (acks !== 0) pending.push({ replica, offset: lastOffset + 1, outcome });
  return outcome;
}

const isThere = ({ log }: Replica, offset: number, acks: number): boolean =>
  log.failure === null && (acks === ALL_IN_SYNC ? log.highWatermark : log.confirmableEnd) >= offset;

const isShort = (broker: BrokerContext, replica: Replica, acks: number): boolean =>
  acks === ALL_IN_SYNC &&
  replica.metadata.isr.length < broker.cluster.controller.minInSync(replica.topic, replica.metadata);

const failed = (index: number, { code, message, error }: KafkaError): Outcome => ({
  index,
  errorCode: code,
  baseOffset: -1,
  logAppendTimeMs: -1,
  logStartOffset: -1,
  errorMessage: message === error ? null : message,
});

const notEnoughAfterAppend = (index: number): Outcome =>
  failed(index, new KafkaError('NOT_ENOUGH_REPLICAS_AFTER_APPEND'));
