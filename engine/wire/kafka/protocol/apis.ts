import type { Api } from './api.ts';
import { apiVersions } from './tables/api-versions.ts';
import { alterConfigs, describeConfigs, incrementalAlterConfigs } from './tables/configs.ts';
import { fetch, listOffsets, offsetForLeaderEpoch } from './tables/fetch.ts';
import {
  deleteGroups,
  describeGroups,
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  listGroups,
  syncGroup,
} from './tables/groups.ts';
import { describeCluster, metadata } from './tables/metadata.ts';
import { offsetCommit, offsetDelete, offsetFetch } from './tables/offsets.ts';
import { initProducerId, produce } from './tables/produce.ts';
import {
  alterPartitionReassignments,
  createPartitions,
  createTopics,
  deleteRecords,
  deleteTopics,
  listPartitionReassignments,
} from './tables/topics.ts';
import { addOffsetsToTxn, addPartitionsToTxn, endTxn, txnOffsetCommit } from './tables/transactions.ts';

/** All that the server speaks. */
export const apis = {
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  apiVersions,
  createTopics,
  deleteTopics,
  deleteRecords,
  initProducerId,
  offsetForLeaderEpoch,
  addPartitionsToTxn,
  addOffsetsToTxn,
  endTxn,
  txnOffsetCommit,
  describeConfigs,
  alterConfigs,
  createPartitions,
  deleteGroups,
  incrementalAlterConfigs,
  alterPartitionReassignments,
  listPartitionReassignments,
  offsetDelete,
  describeCluster,
} as const;

export const apisByKey: ReadonlyMap<number, Api> = new Map(
  Object.values(apis).map((each) => [each.key, each as unknown as Api]),
);
