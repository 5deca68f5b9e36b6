import type { Batch } from './batch.ts';
import { batchOf, recordsOf } from './record.ts';

const ABORT = 0;
const COMMIT = 1;

/** The batch that ends a transaction in a partition. */
export function endMarker(options: {
  isCommit: boolean;
  producerId: number;
  producerEpoch: number;
  coordinatorEpoch: number;
  timestamp: number;
}): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(options.isCommit ? COMMIT : ABORT, 2);
  const value = Buffer.alloc(6);
  value.writeInt32BE(options.coordinatorEpoch, 2);
  const { producerId, producerEpoch } = options;
  return batchOf([{ key, value }], options.timestamp, {
    producerId,
    producerEpoch,
    attributes: { isTransactional: true, isControl: true },
  });
}

/** Whether a control batch says that its transaction has no effect. */
export function isAbortMarker(batch: Batch): boolean {
  for (const { key } of recordsOf(batch)) return key !== null && key.length >= 4 && key.readInt16BE(2) === ABORT;
  return false;
}
