import { z } from 'zod';
import { callsOfRoutes } from '../../model/caused-calls.ts';
import { codeOfConsumers, consumersField } from '../../model/consumer.ts';
import { deploymentField, versionsField } from '../../model/deploy.ts';
import { moduleSchema, type Route, type ServerModule } from '../../model/handler.ts';
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

export const serverDefinition = defineKind({
  kind: 'server',
  title: 'Server',
  help: 'The monolith: several modules in one process. Simple, and a single point of failure.',
  family: 'compute',
  config: z.strictObject({
    replicas: replicasField,
    modules: z.array(moduleSchema).default([]).meta({
      title: 'Modules',
      description:
        'Parts of the application, each with its routes. They share one process, one event loop and one fate.',
    }),
    consumers: consumersField,
    ...workLimitFields,
    autoscaling: autoscalingField,
    versions: versionsField,
    deployment: deploymentField,
  }),
  defaults: {
    modules: [
      {
        name: 'main',
        routes: [{ method: 'GET', path: '/', steps: [{ do: 'wait', duration: { type: 'fixed', valueMs: 1 } }] }],
      },
    ],
  },
  accepts: 'http',
  calls: ['http', 'postgres', 'redis', ...messageProtocols],
  consumes: messageProtocols,
  applyConfig: 'live',
  modules: ({ modules }) => Math.max(1, modules.length),
  faults: scaledProgram,
  measures: workMeasures,
  fidelity: {
    real: ['one process for all modules', 'HTTP, queries and calls', 'slots and queue'],
    modelled: ['the work of a step, by its duration', 'build and test of a version, by their time'],
  },
  code: ({ modules, consumers }) => [
    ...modules.flatMap((module, m) =>
      module.routes.flatMap((route, r) => codeOfSteps(route.steps, `modules[${m}].routes[${r}].steps`)),
    ),
    ...codeOfConsumers(consumers),
  ],
  causes: (config, request) => callsOfRoutes(placedRoutes(config), request),
  check({ config }, context) {
    return [
      ...checkAutoscaling(config),
      ...config.modules.flatMap((module, m) => checkSteps(module.routes, `modules[${m}].routes`, context)),
      ...checkConsumers(config.consumers, context),
      ...checkRoutesDiffer(placedRoutes(config)),
    ];
  },
});

const placedRoutes = ({ modules }: { modules: readonly ServerModule[] }): { route: Route; path: string }[] =>
  modules.flatMap((module, m) => module.routes.map((route, r) => ({ route, path: `modules[${m}].routes[${r}]` })));
