import type { BrokerContext } from '../cluster/context.ts';
import type { RequestOf, ResponseOf } from '../protocol/api.ts';
import type { apis } from '../protocol/apis.ts';
import { errorCodes, KafkaError } from '../protocol/errors.ts';
import { NO_UUID } from '../protocol/values.ts';
import { batchesIn } from '../records/batch.ts';
import type { Replica } from '../replication/replica.ts';
import { checkLeaderEpoch, findLed } from './find-partition.ts';
import type { Handler } from './handler.ts';

const READ_COMMITTED = 1;
/** The session that a client begins; none is kept here, so everything is asked for in full each time. */
const NO_SESSION = 0;

type Request = RequestOf<typeof apis.fetch>;
type Response = ResponseOf<typeof apis.fetch>;
type PartitionRequest = Request['topics'][number]['partitions'][number];
type PartitionResponse = Response['responses'][number]['partitions'][number];

/** What was found, and whose log has to change so that more can be. */
interface Found {
  response: Response;
  bytes: number;
  /** An error is told at once. */
  hasError: boolean;
  replicas: Replica[];
  /** Counted when it is sent, and not each time it is looked at. */
  sent: (() => void)[];
}

export const fetch: Handler<typeof apis.fetch> = (request, { broker, connection, version }) => {
  if (request.sessionId !== NO_SESSION)
    return { errorCode: errorCodes.FETCH_SESSION_ID_NOT_FOUND, sessionId: NO_SESSION, responses: [] };
  const look = (): Found => gather(request, broker, version);
  const isEnough = ({ bytes, hasError }: Found): boolean => hasError || bytes >= request.minBytes;
  const first = look();
  if (request.maxWaitMs <= 0 || request.topics.length === 0 || isEnough(first)) return send(first);
  return new Promise((resolve) => {
    let isScheduled = false;
    let takeBack: (() => void)[] = [];
    const listen = (replicas: readonly Replica[]): void => {
      for (const each of takeBack) each();
      takeBack = replicas.map((replica) => replica.onceChanged(schedule));
    };
    const end = (found: Found): void => {
      clearTimeout(timer);
      unlisten();
      for (const each of takeBack) each();
      takeBack = [];
      resolve(send(found));
    };
    const again = (): void => {
      isScheduled = false;
      if (isOver) return;
      const found = look();
      if (isEnough(found)) finish(found);
      else listen(found.replicas);
    };
    // All that is appended in one turn of the event loop is looked at once.
    const schedule = (): void => {
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(again);
    };
    let isOver = false;
    const finish = (found: Found): void => {
      if (isOver) return;
      isOver = true;
      end(found);
    };
    const timer = setTimeout(() => finish(look()), request.maxWaitMs).unref();
    const unlisten = connection.onceClosed(() => finish(first));
    listen(first.replicas);
  });
};

function send({ response, sent }: Found): Response {
  for (const each of sent) each();
  return response;
}

function gather(request: Request, broker: BrokerContext, version: number): Found {
  const { controller, settings, memory } = broker.cluster;
  let left = Math.min(request.maxBytes, settings.fetchMaxBytes, memory.roomForAnswers);
  const found: Found = {
    response: { errorCode: errorCodes.NONE, sessionId: NO_SESSION, responses: [] },
    bytes: 0,
    hasError: false,
    replicas: [],
    sent: [],
  };
  const byId = version >= 13;
  found.response.responses = request.topics.map(({ topic: name, topicId, partitions }) => {
    const topic = byId ? controller.topicById(topicId) : controller.topics.get(name);
    return {
      topic: name,
      topicId,
      partitions: partitions.map((partition) => {
        try {
          if (byId && !topic)
            throw new KafkaError(topicId === NO_UUID ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'UNKNOWN_TOPIC_ID');
          const replica = findLed(broker, topic, partition.partition);
          found.replicas.push(replica);
          const read = readPartition(replica, partition, request, left, found.bytes === 0 && memory.roomForAnswers > 0);
          left = Math.max(0, left - read.bytes);
          found.bytes += read.bytes;
          if (read.isDiverging) found.hasError = true;
          if (read.bytes > 0) found.sent.push(() => count(replica, read.parts, partition.fetchOffset));
          return read.response;
        } catch (error) {
          if (!(error instanceof KafkaError)) throw error;
          found.hasError = true;
          return failed(partition.partition, error);
        }
      }),
    };
  });
  return found;
}

function readPartition(
  replica: Replica,
  partition: PartitionRequest,
  { isolationLevel }: Request,
  maxBytes: number,
  atLeastOne: boolean,
): { response: PartitionResponse; parts: Buffer[]; bytes: number; isDiverging: boolean } {
  const { log } = replica;
  const { fetchOffset } = partition;
  checkLeaderEpoch(replica, partition.currentLeaderEpoch);
  const divergingEpoch = divergence(replica, partition);
  if (!divergingEpoch && (fetchOffset < log.startOffset || fetchOffset > log.endOffset))
    throw new KafkaError('OFFSET_OUT_OF_RANGE');
  const isCommitted = isolationLevel === READ_COMMITTED;
  const upTo = isCommitted ? log.lastStableOffset : log.highWatermark;
  const parts = divergingEpoch
    ? []
    : log.read(fetchOffset, upTo, Math.min(maxBytes, partition.partitionMaxBytes), atLeastOne);
  let bytes = 0;
  for (const part of parts) bytes += part.length;
  return {
    parts,
    bytes,
    isDiverging: divergingEpoch !== undefined,
    response: {
      partitionIndex: partition.partition,
      errorCode: errorCodes.NONE,
      highWatermark: log.highWatermark,
      lastStableOffset: log.lastStableOffset,
      logStartOffset: log.startOffset,
      divergingEpoch,
      abortedTransactions: isCommitted ? aborted(replica, fetchOffset, parts) : null,
      records: parts,
    },
  };
}

/** Where the log of the client and this one have parted, if they have. */
function divergence({ log }: Replica, { lastFetchedEpoch, fetchOffset }: PartitionRequest) {
  if (lastFetchedEpoch < 0) return undefined;
  const end = log.epochs.endOf(lastFetchedEpoch, log.endOffset);
  if (!end) return undefined;
  return end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset ? end : undefined;
}

function aborted(
  { log }: Replica,
  from: number,
  parts: readonly Buffer[],
): { producerId: number; firstOffset: number }[] {
  if (log.producers.aborted.length === 0) return [];
  let to = from;
  for (const part of parts) for (const batch of batchesIn(part)) to = batch.nextOffset;
  return log.producers.abortedBetween(from, to).map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}

function count({ traffic }: Replica, parts: readonly Buffer[], from: number): void {
  for (const part of parts) {
    traffic.bytesOut += part.length;
    // A batch that begins before the offset is sent whole; what stands before it is skipped by the client.
    for (const batch of batchesIn(part))
      if (!batch.isControl) traffic.messagesOut += Math.min(batch.count, batch.nextOffset - from);
  }
}

const failed = (partitionIndex: number, { code }: KafkaError): PartitionResponse => ({
  partitionIndex,
  errorCode: code,
  highWatermark: -1,
  abortedTransactions: null,
  // Clients read an empty set where others read null.
  records: [],
});
