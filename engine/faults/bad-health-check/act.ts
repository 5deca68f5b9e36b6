import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import type { badHealthCheckDefinition } from './definition.ts';

export type BadHealthCheckParameters = z.output<(typeof badHealthCheckDefinition)['parameters']>;

export const actBadHealthCheck: StartAct<BadHealthCheckParameters> = ({ parameters: initial, hooks }) => {
  let parameters = initial;
  let checks = 0;
  let turned = 0;
  const hook = (check: { edgeId: string | null; replica: number; answered: boolean }): boolean => {
    const { replica, edge, reports } = parameters;
    if (check.replica !== replica || (edge !== '' && check.edgeId !== edge)) return check.answered;
    const reported = reports === 'healthy';
    checks += 1;
    if (reported !== check.answered) turned += 1;
    return reported;
  };
  hooks.healthCheck.add(hook);
  return {
    update(changed) {
      parameters = changed;
    },
    measured: () => ({ checks, turned }),
    stop: () => void hooks.healthCheck.delete(hook),
  };
};
