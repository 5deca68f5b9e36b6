import { httpBodyLinkFault } from './http-body/stage.ts';
import { httpDelayLinkFault } from './http-delay/stage.ts';
import { httpErrorLinkFault } from './http-error/stage.ts';
import { latencyLinkFault } from './latency/stage.ts';
import type { LinkFault } from './stage.ts';

/** Every fault on edges as the link process runs it. */
export const linkFaults: Readonly<Record<string, LinkFault<never>>> = {
  latency: latencyLinkFault,
  'http-error': httpErrorLinkFault,
  'http-delay': httpDelayLinkFault,
  'http-body': httpBodyLinkFault,
};
