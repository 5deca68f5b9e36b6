import { z } from 'zod';
import { callsOfRoutes } from '../../model/caused-calls.ts';
import { codeOfConsumers, consumersField } from '../../model/consumer.ts';
import { deploymentField, versionsField } from '../../model/deploy.ts';
import { routeSchema } from '../../model/handler.ts';
import { messageProtocols } from '../../model/message-protocols.ts';
import { autoscalingField, checkAutoscaling } from '../../model/scaling.ts';
import { codeOfSteps } from '../../model/step-code.ts';
import { workLimitFields } from '../../model/work-limits.ts';
import { checkConsumers } from '../consumer-check.ts';
import { defineKind } from '../define-kind.ts';
import { scaledProgram } from '../fault-lists.ts';
import { replicasField } from '../replicas.ts';
import { checkRoutesDiffer, checkSteps } from '../steps-check.ts';
import { workMeasures } from '../work-measures.ts';

export const serviceDefinition = defineKind({
  kind: 'service',
  title: 'Service',
  help: 'One module in its own process: deployed, scaled and failing on its own.',
  family: 'compute',
  config: z.strictObject({
    replicas: replicasField,
    routes: z.array(routeSchema).default([]).meta({
      title: 'Routes',
      description:
        'What it answers. Each route runs its steps in order: wait, burn CPU, query a database, call another node.',
    }),
    consumers: consumersField,
    ...workLimitFields,
    autoscaling: autoscalingField,
    versions: versionsField,
    deployment: deploymentField,
  }),
  defaults: {
    routes: [{ method: 'GET', path: '/', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 1 } }] }],
  },
  accepts: 'http',
  calls: ['http', 'postgres', 'redis', ...messageProtocols],
  consumes: messageProtocols,
  applyConfig: 'live',
  faults: scaledProgram,
  measures: workMeasures,
  fidelity: {
    real: ['a process of its own', 'HTTP, queries and calls', 'slots and queue'],
    modelled: ['the work of a step, by its duration', 'build and test of a version, by their time'],
  },
  code: ({ routes, consumers }) => [
    ...routes.flatMap((route, index) => codeOfSteps(route.steps, `routes[${index}].steps`)),
    ...codeOfConsumers(consumers),
  ],
  causes: ({ routes }, request) =>
    callsOfRoutes(
      routes.map((route, index) => ({ route, path: `routes[${index}]` })),
      request,
    ),
  check: ({ config }, context) => [
    ...checkAutoscaling(config),
    ...checkSteps(config.routes, 'routes', context),
    ...checkConsumers(config.consumers, context),
    ...checkRoutesDiffer(config.routes.map((route, index) => ({ route, path: `routes[${index}]` }))),
  ],
});
