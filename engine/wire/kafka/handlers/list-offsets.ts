import type { apis } from '../protocol/apis.ts';
import { errorCodes, KafkaError } from '../protocol/errors.ts';
import { CompressionError } from '../records/compression-error.ts';
import type { Replica } from '../replication/replica.ts';
import { checkLeaderEpoch, findLed } from './find-partition.ts';
import type { Handler } from './handler.ts';

const LATEST = -1;
const EARLIEST = -2;
const MAX_TIMESTAMP = -3;
const EARLIEST_LOCAL = -4;
const LATEST_TIERED = -5;

/** The first version of a request that may ask for it; what is not here and below zero, nobody may. */
const SINCE: Readonly<Record<number, number>> = { [MAX_TIMESTAMP]: 7, [EARLIEST_LOCAL]: 8, [LATEST_TIERED]: 9 };

const READ_COMMITTED = 1;
const UNKNOWN_OFFSET = -1;

export const listOffsets: Handler<typeof apis.listOffsets> = (request, { broker, version }) => ({
  topics: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, currentLeaderEpoch, timestamp }) => {
      try {
        if (timestamp < EARLIEST && version < (SINCE[timestamp] ?? Number.POSITIVE_INFINITY))
          throw new KafkaError('UNSUPPORTED_VERSION');
        const replica = findLed(broker, broker.cluster.controller.topics.get(name), partitionIndex);
        checkLeaderEpoch(replica, currentLeaderEpoch);
        const found = find(replica, timestamp, request.isolationLevel === READ_COMMITTED);
        return {
          partitionIndex,
          errorCode: errorCodes.NONE,
          timestamp: found?.timestamp ?? -1,
          offset: found?.offset ?? UNKNOWN_OFFSET,
          leaderEpoch: found ? epochOf(replica, found.offset) : -1,
        };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { partitionIndex, errorCode: error.code };
      }
    }),
  })),
});

function find({ log }: Replica, timestamp: number, isCommitted: boolean): { offset: number; timestamp: number } | null {
  const end = isCommitted ? log.lastStableOffset : log.highWatermark;
  try {
    switch (timestamp) {
      case LATEST:
        return { offset: end, timestamp: -1 };
      case EARLIEST:
      case EARLIEST_LOCAL:
        return { offset: log.startOffset, timestamp: -1 };
      case MAX_TIMESTAMP:
        return log.offsetOfMaxTimestamp();
      // Nothing is kept elsewhere.
      case LATEST_TIERED:
        return null;
      default:
        return log.offsetForTimestamp(timestamp, end);
    }
  } catch (error) {
    if (error instanceof CompressionError) throw new KafkaError('UNSUPPORTED_COMPRESSION_TYPE', error.message);
    throw error;
  }
}

/** The end of the log belongs to whoever leads now. */
const epochOf = ({ log, leaderEpoch }: Replica, offset: number): number =>
  offset >= log.endOffset ? leaderEpoch : log.epochs.at(offset);

export const offsetForLeaderEpoch: Handler<typeof apis.offsetForLeaderEpoch> = (request, { broker }) => ({
  topics: request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition, currentLeaderEpoch, leaderEpoch }) => {
      try {
        const replica = findLed(broker, broker.cluster.controller.topics.get(topic), partition);
        checkLeaderEpoch(replica, currentLeaderEpoch);
        const end = replica.log.epochs.endOf(leaderEpoch, replica.log.endOffset);
        return {
          errorCode: errorCodes.NONE,
          partition,
          leaderEpoch: end?.epoch ?? -1,
          endOffset: end?.endOffset ?? -1,
        };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { errorCode: error.code, partition, endOffset: -1 };
      }
    }),
  })),
});
