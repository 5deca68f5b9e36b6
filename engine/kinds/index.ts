import { kafkaBrokerDefinition } from './broker-kafka/definition.ts';
import { rabbitBrokerDefinition } from './broker-rabbitmq/definition.ts';
import { redisBrokerDefinition } from './broker-redis/definition.ts';
import { cacheDefinition } from './cache/definition.ts';
import { clientDefinition } from './client/definition.ts';
import { commandDefinition } from './command/definition.ts';
import { databaseDefinition } from './database/definition.ts';
import { lambdaDefinition } from './function-lambda/definition.ts';
import { nextDefinition } from './function-next/definition.ts';
import { workersDefinition } from './function-workers/definition.ts';
import { gatewayDefinition } from './gateway/definition.ts';
import { schedulerDefinition } from './scheduler/definition.ts';
import { serverDefinition } from './server/definition.ts';
import { serviceDefinition } from './service/definition.ts';

/** Every node kind, in the order of the palette. Adding a kind is one folder here and one line below. */
export const kinds = [
  clientDefinition,
  schedulerDefinition,
  gatewayDefinition,
  serverDefinition,
  serviceDefinition,
  lambdaDefinition,
  workersDefinition,
  nextDefinition,
  commandDefinition,
  databaseDefinition,
  cacheDefinition,
  redisBrokerDefinition,
  kafkaBrokerDefinition,
  rabbitBrokerDefinition,
] as const;

export type Kind = (typeof kinds)[number]['kind'];
