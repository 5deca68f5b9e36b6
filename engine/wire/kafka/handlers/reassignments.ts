import { isMoving } from '../cluster/reassignment.ts';
import type { apis } from '../protocol/apis.ts';
import { errorCodes, KafkaError } from '../protocol/errors.ts';
import type { Handler } from './handler.ts';

export const alterPartitionReassignments: Handler<typeof apis.alterPartitionReassignments> = (request, { broker }) => ({
  allowReplicationFactorChange: request.allowReplicationFactorChange,
  errorCode: errorCodes.NONE,
  responses: request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, replicas }) => {
      try {
        broker.cluster.controller.reassign(name, partitionIndex, replicas, {
          mayChangeCount: request.allowReplicationFactorChange,
        });
        return { partitionIndex, errorCode: errorCodes.NONE };
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error;
        return { partitionIndex, errorCode: error.code, errorMessage: error.message };
      }
    }),
  })),
});

/** Only what is being moved; a partition that is not there is left out. */
export const listPartitionReassignments: Handler<typeof apis.listPartitionReassignments> = (request, { broker }) => {
  const asked = request.topics && new Map(request.topics.map(({ name, partitionIndexes }) => [name, partitionIndexes]));
  return {
    errorCode: errorCodes.NONE,
    topics: [...broker.cluster.controller.topics.values()]
      .map(({ name, partitions }) => ({
        name,
        partitions: partitions
          .filter((each) => isMoving(each) && (asked?.get(name)?.includes(each.index) ?? asked === null))
          .map(({ index, replicas, adding = [], removing = [] }) => ({
            partitionIndex: index,
            replicas,
            addingReplicas: adding,
            removingReplicas: removing,
          })),
      }))
      .filter(({ partitions }) => partitions.length > 0),
  };
};
