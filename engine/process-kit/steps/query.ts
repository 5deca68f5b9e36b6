import { fillTemplate } from '../request-context.ts';
import type { StepRunner } from './step.ts';

export const runQuery: StepRunner<'query'> = ({ edge, sql, parameters, target }, { callers, calls, request }) => {
  const { caller } = callers.get('postgres', edge);
  const values = parameters.map((template) => fillTemplate(template, request));
  return calls.count(edge, () => caller.query(sql, values, { ...request, target }));
};
