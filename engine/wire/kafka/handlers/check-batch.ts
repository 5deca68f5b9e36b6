import type { TopicSetting } from '../cluster/topic-config.ts';
import { KafkaError } from '../protocol/errors.ts';
import { Batch, isWhole, MAGIC, NO_PRODUCER } from '../records/batch.ts';
import { CompressionError } from '../records/compression-error.ts';
import { recordsOf } from '../records/record.ts';

const ZSTD = 4;
const FIRST_VERSION_WITH_ZSTD = 7;

/** Fails where the bytes are not one batch that may be appended. What is compressed stays so, and is not looked into. */
export function checkBatch(
  records: Buffer | null,
  given: {
    setting(name: TopicSetting): string;
    isCompacted: boolean;
    /** Of the request. */
    version: number;
    nowMs: number;
  },
): asserts records is Buffer {
  const max = Number(given.setting('max.message.bytes'));
  if (records === null || !isWhole(records, 0))
    throw new KafkaError('CORRUPT_MESSAGE', 'The records are not a whole record batch.');
  const batch = new Batch(records, 0);
  if (batch.magic !== MAGIC)
    throw new KafkaError(
      'INVALID_RECORD',
      'Produce requests are only allowed to contain record batches with magic version 2',
    );
  if (batch.length !== records.length)
    throw new KafkaError(
      'INVALID_RECORD',
      'Produce requests are only allowed to contain exactly one record batch per partition',
    );
  if (records.length > max)
    throw new KafkaError(
      'MESSAGE_TOO_LARGE',
      `The record batch size in the append is ${records.length} bytes which exceeds the maximum configured value of ${max}.`,
    );
  if (!batch.isIntact) throw new KafkaError('CORRUPT_MESSAGE', 'Record is corrupt: its CRC is not that of its bytes.');
  if (batch.count < 1 || batch.lastOffsetDelta !== batch.count - 1)
    throw new KafkaError('INVALID_RECORD', 'The last offset delta of the batch is not its number of records less one.');
  if (batch.isControl) throw new KafkaError('INVALID_RECORD', 'Clients are not allowed to write control records.');
  if (batch.producerId !== NO_PRODUCER && batch.baseSequence < 0)
    throw new KafkaError('INVALID_RECORD', 'A batch of an idempotent producer needs its sequence.');
  if (batch.codec > ZSTD) throw new KafkaError('INVALID_RECORD', `There is no codec ${batch.codec}.`);
  if (batch.codec === ZSTD && given.version < FIRST_VERSION_WITH_ZSTD)
    throw new KafkaError('UNSUPPORTED_COMPRESSION_TYPE', 'Produce requests with version 7 or above may use zstd.');
  checkTime(batch, given);
  if (given.isCompacted) checkKeys(batch);
}

function checkTime(batch: Batch, { setting, nowMs }: { setting(name: TopicSetting): string; nowMs: number }): void {
  if (setting('message.timestamp.type') === 'LogAppendTime') return;
  const isTooLate = batch.maxTimestamp - nowMs > Number(setting('message.timestamp.after.max.ms'));
  const isTooEarly = nowMs - batch.baseTimestamp > Number(setting('message.timestamp.before.max.ms'));
  if (isTooLate || isTooEarly)
    throw new KafkaError('INVALID_TIMESTAMP', 'The timestamp of the message is out of acceptable range.');
}

/** Compaction goes by the key. */
function checkKeys(batch: Batch): void {
  try {
    for (const { key } of recordsOf(batch))
      if (key === null) throw new KafkaError('INVALID_RECORD', 'Compacted topic cannot accept message without key.');
  } catch (error) {
    if (error instanceof CompressionError) throw new KafkaError('CORRUPT_MESSAGE', error.message);
    throw error;
  }
}
