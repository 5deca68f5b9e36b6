import { injectAct } from '../inject-act.ts';
import { untilMeasured } from '../until-measured.ts';
import type { BadHealthCheckParameters } from './act.ts';

/** So long is waited for a check that says something else than is reported. */
const LOOK_MS = 5000;

export const injectBadHealthCheck = injectAct<BadHealthCheckParameters>('bad-health-check', {
  async effect({ state, parameters: { replica, reports } }) {
    const { checks = 0, turned = 0 } = await untilMeasured(state, (measured) => (measured.turned ?? 0) > 0, LOOK_MS);
    return {
      holds: turned > 0,
      evidence:
        checks === 0
          ? `the gateway made no active health check of replica ${replica} within ${LOOK_MS} ms`
          : `${checks} checks of replica ${replica} were reported as ${reports}, ${turned} of which saw the contrary`,
    };
  },
});
