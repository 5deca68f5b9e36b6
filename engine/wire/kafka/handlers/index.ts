import { apis } from '../protocol/apis.ts';
import { apiVersions } from './api-versions.ts';
import { alterConfigs, describeConfigs, incrementalAlterConfigs } from './configs.ts';
import { fetch } from './fetch.ts';
import {
  deleteGroups,
  describeGroups,
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  listGroups,
  syncGroup,
} from './groups.ts';
import type { Handler } from './handler.ts';
import { listOffsets, offsetForLeaderEpoch } from './list-offsets.ts';
import { describeCluster, metadata } from './metadata.ts';
import { offsetCommit, offsetDelete, offsetFetch } from './offsets.ts';
import { produce } from './produce.ts';
import { alterPartitionReassignments, listPartitionReassignments } from './reassignments.ts';
import { createPartitions, createTopics, deleteRecords, deleteTopics } from './topics.ts';
import { addOffsetsToTxn, addPartitionsToTxn, endTxn, initProducerId, txnOffsetCommit } from './transactions.ts';

const byName: { readonly [Name in keyof typeof apis]: Handler<(typeof apis)[Name]> } = {
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
};

/** By the keys that requests carry. */
export const handlers: Readonly<Record<number, unknown>> = Object.fromEntries(
  Object.entries(byName).map(([name, handler]) => [apis[name as keyof typeof apis].key, handler]),
);
