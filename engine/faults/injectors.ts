import { injectAutoscalerStuck } from './autoscaler-stuck/inject.ts';
import { injectBadDeploy } from './bad-deploy/inject.ts';
import { injectBadHealthCheck } from './bad-health-check/inject.ts';
import { injectBandwidth } from './bandwidth/inject.ts';
import { injectBigPayload } from './big-payload/inject.ts';
import { injectBlackHole } from './black-hole/inject.ts';
import { injectBrokerOutage } from './broker-outage/inject.ts';
import { injectCacheFlush } from './cache-flush/inject.ts';
import { injectClockSkew } from './clock-skew/inject.ts';
import { injectColdStart } from './cold-start/inject.ts';
import { injectConfirmLost } from './confirm-lost/inject.ts';
import { injectConnectionExhaustion } from './connection-exhaustion/inject.ts';
import { injectConsumerCrash } from './consumer-crash-before-ack/inject.ts';
import { injectCpuBurn } from './cpu-burn/inject.ts';
import { injectDeadlock } from './deadlock/inject.ts';
import { injectDiscoveryError } from './discovery-error/inject.ts';
import { injectDiscoveryStale } from './discovery-stale/inject.ts';
import { injectDiskFull } from './disk-full/inject.ts';
import { injectDrop } from './drop/inject.ts';
import { injectDuplicate } from './duplicate/inject.ts';
import { injectEnvironmentRecycle } from './environment-recycle/inject.ts';
import { injectEventLoopBlock } from './event-loop-block/inject.ts';
import { injectEvictionStorm } from './eviction-storm/inject.ts';
import { injectExpire } from './expire/inject.ts';
import { injectFailedStart } from './failed-start/inject.ts';
import { injectFailover } from './failover/inject.ts';
import { injectFlap } from './flap/inject.ts';
import { injectFunctionTimeout } from './function-timeout/inject.ts';
import { injectGcChurn } from './gc-churn/inject.ts';
import { injectHandlerError } from './handler-error/inject.ts';
import { injectHeapLimit } from './heap-limit/inject.ts';
import { injectHotKey } from './hot-key/inject.ts';
import { injectHotKeyTraffic } from './hot-key-traffic/inject.ts';
import { injectHttpBody } from './http-body/inject.ts';
import { injectHttpDelay } from './http-delay/inject.ts';
import { injectHttpError } from './http-error/inject.ts';
import type { CompositionId, FaultId } from './index.ts';
import { injectInitCrash } from './init-crash/inject.ts';
import type { EdgeTarget, Injector, NodeTarget, ProcessTarget } from './inject.ts';
import { injectKill } from './kill/inject.ts';
import { injectLatency } from './latency/inject.ts';
import { injectLimitData } from './limit-data/inject.ts';
import { injectLock } from './lock/inject.ts';
import { injectLoss } from './loss/inject.ts';
import { injectMalformed } from './malformed/inject.ts';
import { injectMemoryBallast } from './memory-ballast/inject.ts';
import { injectMemoryLeak } from './memory-leak/inject.ts';
import { injectPartition } from './partition/inject.ts';
import { injectPartitionLeaderLoss } from './partition-leader-loss/inject.ts';
import { injectPause } from './pause/inject.ts';
import { injectPenetration } from './penetration/inject.ts';
import { injectPoison } from './poison/inject.ts';
import { injectPoolExhaustion } from './pool-exhaustion/inject.ts';
import { injectPortOccupied } from './port-occupied/inject.ts';
import { injectQueueFull } from './queue-full/inject.ts';
import { injectQuota429 } from './quota-429/inject.ts';
import { injectReadOnly } from './read-only/inject.ts';
import { injectRebalanceStorm } from './rebalance-storm/inject.ts';
import { injectRefuse } from './refuse/inject.ts';
import { injectReorder } from './reorder/inject.ts';
import { injectReplicaLag } from './replica-lag/inject.ts';
import { injectReset } from './reset/inject.ts';
import { injectRetryStorm } from './retry-storm/inject.ts';
import { injectSlicer } from './slicer/inject.ts';
import { injectSlowBroker } from './slow-broker/inject.ts';
import { injectSlowClose } from './slow-close/inject.ts';
import { injectSlowConsumer } from './slow-consumer/inject.ts';
import { injectSlowDisk } from './slow-disk/inject.ts';
import { injectSlowInit } from './slow-init/inject.ts';
import { injectSlowLoris } from './slow-loris/inject.ts';
import { injectSlowQuery } from './slow-query/inject.ts';
import { injectSlowStart } from './slow-start/inject.ts';
import { injectSpike } from './spike/inject.ts';
import { injectStaleKeepAlive } from './stale-keep-alive/inject.ts';
import { injectThrottle } from './throttle/inject.ts';
import { injectThunderingHerd } from './thundering-herd/inject.ts';
import { injectWriteError } from './write-error/inject.ts';

/** The half of each fault that puts it on. Only the host imports this; the definitions stay isomorphic. */
export const injectors: Record<
  Exclude<FaultId, CompositionId>,
  Injector<ProcessTarget, never> | Injector<EdgeTarget, never> | Injector<NodeTarget, never>
> = {
  kill: injectKill,
  pause: injectPause,
  'slow-start': injectSlowStart,
  'failed-start': injectFailedStart,
  'port-occupied': injectPortOccupied,
  'heap-limit': injectHeapLimit,
  'handler-error': injectHandlerError,
  'bad-deploy': injectBadDeploy,
  'cpu-burn': injectCpuBurn,
  'event-loop-block': injectEventLoopBlock,
  'gc-churn': injectGcChurn,
  'memory-leak': injectMemoryLeak,
  'memory-ballast': injectMemoryBallast,
  'clock-skew': injectClockSkew,
  latency: injectLatency,
  bandwidth: injectBandwidth,
  loss: injectLoss,
  slicer: injectSlicer,
  'slow-close': injectSlowClose,
  'limit-data': injectLimitData,
  reset: injectReset,
  'black-hole': injectBlackHole,
  refuse: injectRefuse,
  partition: injectPartition,
  flap: injectFlap,
  'connection-exhaustion': injectConnectionExhaustion,
  'stale-keep-alive': injectStaleKeepAlive,
  'autoscaler-stuck': injectAutoscalerStuck,
  'quota-429': injectQuota429,
  'discovery-error': injectDiscoveryError,
  'discovery-stale': injectDiscoveryStale,
  'bad-health-check': injectBadHealthCheck,
  'http-error': injectHttpError,
  'http-delay': injectHttpDelay,
  'http-body': injectHttpBody,
  'cold-start': injectColdStart,
  'slow-init': injectSlowInit,
  'init-crash': injectInitCrash,
  'function-timeout': injectFunctionTimeout,
  throttle: injectThrottle,
  'environment-recycle': injectEnvironmentRecycle,
  'cache-flush': injectCacheFlush,
  expire: injectExpire,
  'eviction-storm': injectEvictionStorm,
  lock: injectLock,
  'pool-exhaustion': injectPoolExhaustion,
  'read-only': injectReadOnly,
  'replica-lag': injectReplicaLag,
  failover: injectFailover,
  'slow-query': injectSlowQuery,
  deadlock: injectDeadlock,
  'write-error': injectWriteError,
  'hot-key': injectHotKey,
  penetration: injectPenetration,
  'broker-outage': injectBrokerOutage,
  'slow-broker': injectSlowBroker,
  'queue-full': injectQueueFull,
  'slow-disk': injectSlowDisk,
  'disk-full': injectDiskFull,
  'partition-leader-loss': injectPartitionLeaderLoss,
  'rebalance-storm': injectRebalanceStorm,
  'consumer-crash-before-ack': injectConsumerCrash,
  'slow-consumer': injectSlowConsumer,
  duplicate: injectDuplicate,
  reorder: injectReorder,
  drop: injectDrop,
  poison: injectPoison,
  'confirm-lost': injectConfirmLost,
  spike: injectSpike,
  'retry-storm': injectRetryStorm,
  'thundering-herd': injectThunderingHerd,
  'hot-key-traffic': injectHotKeyTraffic,
  'big-payload': injectBigPayload,
  'slow-loris': injectSlowLoris,
  malformed: injectMalformed,
};
