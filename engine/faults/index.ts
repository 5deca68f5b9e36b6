import { autoscalerStuckDefinition } from './autoscaler-stuck/definition.ts';
import { badDeployDefinition } from './bad-deploy/definition.ts';
import { badHealthCheckDefinition } from './bad-health-check/definition.ts';
import { bandwidthDefinition } from './bandwidth/definition.ts';
import { bigPayloadDefinition } from './big-payload/definition.ts';
import { blackHoleDefinition } from './black-hole/definition.ts';
import { brokerOutageDefinition } from './broker-outage/definition.ts';
import { cacheFlushDefinition } from './cache-flush/definition.ts';
import { clockSkewDefinition } from './clock-skew/definition.ts';
import { coldStartDefinition } from './cold-start/definition.ts';
import { confirmLostDefinition } from './confirm-lost/definition.ts';
import { connectionExhaustionDefinition } from './connection-exhaustion/definition.ts';
import { consumerCrashDefinition } from './consumer-crash-before-ack/definition.ts';
import { cpuBurnDefinition } from './cpu-burn/definition.ts';
import { deadlockDefinition } from './deadlock/definition.ts';
import { discoveryErrorDefinition } from './discovery-error/definition.ts';
import { discoveryStaleDefinition } from './discovery-stale/definition.ts';
import { diskFullDefinition } from './disk-full/definition.ts';
import { dropDefinition } from './drop/definition.ts';
import { duplicateDefinition } from './duplicate/definition.ts';
import { environmentRecycleDefinition } from './environment-recycle/definition.ts';
import { eventLoopBlockDefinition } from './event-loop-block/definition.ts';
import { evictionStormDefinition } from './eviction-storm/definition.ts';
import { expireDefinition } from './expire/definition.ts';
import { failedStartDefinition } from './failed-start/definition.ts';
import { failoverDefinition } from './failover/definition.ts';
import { flapDefinition } from './flap/definition.ts';
import { functionTimeoutDefinition } from './function-timeout/definition.ts';
import { gcChurnDefinition } from './gc-churn/definition.ts';
import { handlerErrorDefinition } from './handler-error/definition.ts';
import { heapLimitDefinition } from './heap-limit/definition.ts';
import { hostDownDefinition } from './host-down/definition.ts';
import { hotKeyDefinition } from './hot-key/definition.ts';
import { hotKeyTrafficDefinition } from './hot-key-traffic/definition.ts';
import { httpBodyDefinition } from './http-body/definition.ts';
import { httpDelayDefinition } from './http-delay/definition.ts';
import { httpErrorDefinition } from './http-error/definition.ts';
import { initCrashDefinition } from './init-crash/definition.ts';
import { killDefinition } from './kill/definition.ts';
import { latencyDefinition } from './latency/definition.ts';
import { limitDataDefinition } from './limit-data/definition.ts';
import { lockDefinition } from './lock/definition.ts';
import { lossDefinition } from './loss/definition.ts';
import { malformedDefinition } from './malformed/definition.ts';
import { memoryBallastDefinition } from './memory-ballast/definition.ts';
import { memoryLeakDefinition } from './memory-leak/definition.ts';
import { mysteryDefinition } from './mystery/definition.ts';
import { partitionDefinition } from './partition/definition.ts';
import { partitionLeaderLossDefinition } from './partition-leader-loss/definition.ts';
import { pauseDefinition } from './pause/definition.ts';
import { penetrationDefinition } from './penetration/definition.ts';
import { poisonDefinition } from './poison/definition.ts';
import { poolExhaustionDefinition } from './pool-exhaustion/definition.ts';
import { portOccupiedDefinition } from './port-occupied/definition.ts';
import { queueFullDefinition } from './queue-full/definition.ts';
import { quota429Definition } from './quota-429/definition.ts';
import { readOnlyDefinition } from './read-only/definition.ts';
import { rebalanceStormDefinition } from './rebalance-storm/definition.ts';
import { refuseDefinition } from './refuse/definition.ts';
import { reorderDefinition } from './reorder/definition.ts';
import { replicaLagDefinition } from './replica-lag/definition.ts';
import { resetDefinition } from './reset/definition.ts';
import { retryStormDefinition } from './retry-storm/definition.ts';
import { slicerDefinition } from './slicer/definition.ts';
import { slowBrokerDefinition } from './slow-broker/definition.ts';
import { slowCloseDefinition } from './slow-close/definition.ts';
import { slowConsumerDefinition } from './slow-consumer/definition.ts';
import { slowDiskDefinition } from './slow-disk/definition.ts';
import { slowInitDefinition } from './slow-init/definition.ts';
import { slowLorisDefinition } from './slow-loris/definition.ts';
import { slowQueryDefinition } from './slow-query/definition.ts';
import { slowStartDefinition } from './slow-start/definition.ts';
import { spikeDefinition } from './spike/definition.ts';
import { staleKeepAliveDefinition } from './stale-keep-alive/definition.ts';
import { throttleDefinition } from './throttle/definition.ts';
import { thunderingHerdDefinition } from './thundering-herd/definition.ts';
import { writeErrorDefinition } from './write-error/definition.ts';
import { zoneDownDefinition } from './zone-down/definition.ts';
import { zoneLatencyDefinition } from './zone-latency/definition.ts';

/** Faults that are made of others. */
const compositions = [hostDownDefinition, zoneDownDefinition, zoneLatencyDefinition, mysteryDefinition] as const;

/** Every fault. Adding one is one folder here, one line below and one line in `injectors.ts`. */
export const faults = [
  killDefinition,
  pauseDefinition,
  slowStartDefinition,
  failedStartDefinition,
  portOccupiedDefinition,
  heapLimitDefinition,
  handlerErrorDefinition,
  badDeployDefinition,
  cpuBurnDefinition,
  eventLoopBlockDefinition,
  gcChurnDefinition,
  memoryLeakDefinition,
  memoryBallastDefinition,
  clockSkewDefinition,
  latencyDefinition,
  bandwidthDefinition,
  lossDefinition,
  slicerDefinition,
  slowCloseDefinition,
  limitDataDefinition,
  resetDefinition,
  blackHoleDefinition,
  refuseDefinition,
  partitionDefinition,
  flapDefinition,
  connectionExhaustionDefinition,
  staleKeepAliveDefinition,
  httpErrorDefinition,
  httpDelayDefinition,
  httpBodyDefinition,
  autoscalerStuckDefinition,
  quota429Definition,
  discoveryErrorDefinition,
  discoveryStaleDefinition,
  badHealthCheckDefinition,
  coldStartDefinition,
  slowInitDefinition,
  initCrashDefinition,
  functionTimeoutDefinition,
  throttleDefinition,
  environmentRecycleDefinition,
  cacheFlushDefinition,
  expireDefinition,
  evictionStormDefinition,
  lockDefinition,
  poolExhaustionDefinition,
  readOnlyDefinition,
  replicaLagDefinition,
  failoverDefinition,
  slowQueryDefinition,
  deadlockDefinition,
  writeErrorDefinition,
  hotKeyDefinition,
  penetrationDefinition,
  brokerOutageDefinition,
  slowBrokerDefinition,
  queueFullDefinition,
  slowDiskDefinition,
  diskFullDefinition,
  partitionLeaderLossDefinition,
  rebalanceStormDefinition,
  consumerCrashDefinition,
  slowConsumerDefinition,
  duplicateDefinition,
  reorderDefinition,
  dropDefinition,
  poisonDefinition,
  confirmLostDefinition,
  spikeDefinition,
  retryStormDefinition,
  thunderingHerdDefinition,
  hotKeyTrafficDefinition,
  bigPayloadDefinition,
  slowLorisDefinition,
  malformedDefinition,
  ...compositions,
] as const;

export type CompositionId = (typeof compositions)[number]['fault'];
export type FaultId = (typeof faults)[number]['fault'];
