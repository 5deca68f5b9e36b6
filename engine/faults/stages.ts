import { latencyLinkFault } from './latency/stage.ts';
import type { LinkFault } from './stage.ts';

/** Every fault on edges as the link process runs it. */
export const linkFaults: Readonly<Record<string, LinkFault<never>>> = {
  latency: latencyLinkFault,
};
