import type { StartAct } from './act.ts';
import { actBadHealthCheck } from './bad-health-check/act.ts';
import { actBigPayload } from './big-payload/act.ts';
import { actClockSkew } from './clock-skew/act.ts';
import { actColdStart } from './cold-start/act.ts';
import { actConfirmLost } from './confirm-lost/act.ts';
import { actConsumerCrash } from './consumer-crash-before-ack/act.ts';
import { actCpuBurn } from './cpu-burn/act.ts';
import { actDiscoveryError } from './discovery-error/act.ts';
import { actDiscoveryStale } from './discovery-stale/act.ts';
import { actDrop } from './drop/act.ts';
import { actDuplicate } from './duplicate/act.ts';
import { actEnvironmentRecycle } from './environment-recycle/act.ts';
import { actEventLoopBlock } from './event-loop-block/act.ts';
import { actFunctionTimeout } from './function-timeout/act.ts';
import { actGcChurn } from './gc-churn/act.ts';
import { actHandlerError } from './handler-error/act.ts';
import { actHeapLimit } from './heap-limit/act.ts';
import { actHotKeyTraffic } from './hot-key-traffic/act.ts';
import { actInitCrash } from './init-crash/act.ts';
import { actMalformed } from './malformed/act.ts';
import { actMemoryBallast } from './memory-ballast/act.ts';
import { actMemoryLeak } from './memory-leak/act.ts';
import { actPoison } from './poison/act.ts';
import { actQuota429 } from './quota-429/act.ts';
import { actReorder } from './reorder/act.ts';
import { actRetryStorm } from './retry-storm/act.ts';
import { actSlowBroker } from './slow-broker/act.ts';
import { actSlowConsumer } from './slow-consumer/act.ts';
import { actSlowDisk } from './slow-disk/act.ts';
import { actSlowInit } from './slow-init/act.ts';
import { actSlowLoris } from './slow-loris/act.ts';
import { actSpike } from './spike/act.ts';
import { actThrottle } from './throttle/act.ts';
import { actThunderingHerd } from './thundering-herd/act.ts';

/** Every fault that acts inside a process of ours; a file of its own, which a process reads when the first fault comes. */
export const acts: Readonly<Record<string, StartAct<never>>> = {
  'handler-error': actHandlerError,
  'quota-429': actQuota429,
  'discovery-error': actDiscoveryError,
  'discovery-stale': actDiscoveryStale,
  'bad-health-check': actBadHealthCheck,
  'cold-start': actColdStart,
  'slow-init': actSlowInit,
  'init-crash': actInitCrash,
  'function-timeout': actFunctionTimeout,
  throttle: actThrottle,
  'environment-recycle': actEnvironmentRecycle,
  spike: actSpike,
  'retry-storm': actRetryStorm,
  'thundering-herd': actThunderingHerd,
  'hot-key-traffic': actHotKeyTraffic,
  'big-payload': actBigPayload,
  'slow-loris': actSlowLoris,
  malformed: actMalformed,
  'cpu-burn': actCpuBurn,
  'event-loop-block': actEventLoopBlock,
  'gc-churn': actGcChurn,
  'memory-leak': actMemoryLeak,
  'memory-ballast': actMemoryBallast,
  'heap-limit': actHeapLimit,
  'clock-skew': actClockSkew,
  'slow-broker': actSlowBroker,
  'slow-disk': actSlowDisk,
  'consumer-crash-before-ack': actConsumerCrash,
  'slow-consumer': actSlowConsumer,
  duplicate: actDuplicate,
  reorder: actReorder,
  drop: actDrop,
  poison: actPoison,
  'confirm-lost': actConfirmLost,
};
