import { bandwidthLinkFault } from './bandwidth/stage.ts';
import { blackHoleLinkFault } from './black-hole/stage.ts';
import { connectionExhaustionLinkFault } from './connection-exhaustion/stage.ts';
import { flapLinkFault } from './flap/stage.ts';
import { httpBodyLinkFault } from './http-body/stage.ts';
import { httpDelayLinkFault } from './http-delay/stage.ts';
import { httpErrorLinkFault } from './http-error/stage.ts';
import { latencyLinkFault } from './latency/stage.ts';
import { limitDataLinkFault } from './limit-data/stage.ts';
import { lossLinkFault } from './loss/stage.ts';
import { partitionLinkFault } from './partition/stage.ts';
import { refuseLinkFault } from './refuse/stage.ts';
import { resetLinkFault } from './reset/stage.ts';
import { slicerLinkFault } from './slicer/stage.ts';
import { slowCloseLinkFault } from './slow-close/stage.ts';
import type { LinkFault } from './stage.ts';
import { staleKeepAliveLinkFault } from './stale-keep-alive/stage.ts';

/** Every fault on edges as the link process runs it. */
export const linkFaults: Readonly<Record<string, LinkFault<never>>> = {
  latency: latencyLinkFault,
  bandwidth: bandwidthLinkFault,
  loss: lossLinkFault,
  slicer: slicerLinkFault,
  'slow-close': slowCloseLinkFault,
  'limit-data': limitDataLinkFault,
  reset: resetLinkFault,
  'black-hole': blackHoleLinkFault,
  refuse: refuseLinkFault,
  partition: partitionLinkFault,
  flap: flapLinkFault,
  'connection-exhaustion': connectionExhaustionLinkFault,
  'stale-keep-alive': staleKeepAliveLinkFault,
  'http-error': httpErrorLinkFault,
  'http-delay': httpDelayLinkFault,
  'http-body': httpBodyLinkFault,
};
