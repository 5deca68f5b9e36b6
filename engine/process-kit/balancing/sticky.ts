import type { Pick } from './endpoint.ts';

/** The replica whose number is the key, while it takes requests. Without a key, and when it is gone, `otherwise` chooses. */
export const createSticky =
  (otherwise: Pick): Pick =>
  (candidates, key) =>
    (key === undefined ? undefined : candidates.find(({ replica }) => String(replica) === key)) ??
    otherwise(candidates, key);
