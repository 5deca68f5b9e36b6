import type { ArchipelDocument } from '../model/document.ts';
import { pricesSchema } from '../model/price-sheet.ts';

/** Takes out of a document what one of its experiments shows. */
export type Absence = (document: ArchipelDocument, name: string) => void;

const configOf = (parts: readonly { id: string; config: object }[], id: string): Record<string, unknown> => {
  const part = parts.find((each) => each.id === id);
  if (!part) throw new Error(`there is no ${id}`);
  return part.config as Record<string, unknown>;
};
const node =
  (id: string, changes: Record<string, unknown>): Absence =>
  ({ nodes }) =>
    void Object.assign(configOf(nodes, id), changes);
const edge =
  (id: string, changes: Record<string, unknown>): Absence =>
  ({ edges }) =>
    void Object.assign(configOf(edges, id), changes);
const both =
  (...all: Absence[]): Absence =>
  (document, name) => {
    for (const each of all) each(document, name);
  };

/** The same time, and nothing happens in it. */
const nothingHappens: Absence = ({ experiments }, name) => {
  const experiment = experiments.find((each) => each.name === name);
  if (experiment) experiment.method = [{ type: 'observe', title: 'nothing happens', durationMs: 4000 }];
};

const wellBehaved = (id: string): Absence => node(id, { versions: [{ name: 'v1' }, { name: 'v2' }, { name: 'v3' }] });
const pipeline = (id: string, changes: Record<string, unknown>): Absence =>
  node(id, { deployment: { pipeline: changes } });

/** The faults are left away, and what is asked between them is asked all the same. */
const withoutFaults: Absence = ({ experiments }, name) => {
  const experiment = experiments.find((each) => each.name === name);
  if (experiment)
    experiment.method = experiment.method.map((step) =>
      step.type === 'parallel' || step.type === 'fault'
        ? { type: 'observe', title: 'nothing happens', durationMs: 3000 }
        : step,
    );
};
/** What is waited for does not come, and is asked for then. */
const withoutRewinding: Absence = ({ experiments }, name) => {
  const experiment = experiments.find((each) => each.name === name);
  if (experiment)
    experiment.method = experiment.method.map((step) => {
      if (step.type === 'rewind') return { type: 'observe', title: 'nothing happens', durationMs: 2000 };
      return step.type === 'wait-until' ? { type: 'probe', probe: step.probe } : step;
    });
};
const consumerOf =
  (id: string, changes: Record<string, unknown>): Absence =>
  ({ nodes }) => {
    const { consumers } = configOf(nodes, id) as { consumers: Record<string, unknown>[] };
    Object.assign(consumers[0] as object, changes);
  };

/** By the name of the example and of the experiment. What is not here has the fault taken out of its method. */
const own: Record<string, Absence> = {
  'metastable-retry-storm/storm-outlives-its-cause': ({ edges }) => {
    const { retries } = configOf(edges, 'eager-eager-stock') as { retries: Record<string, unknown> };
    retries.budget = { ratio: 0.1, minPerSec: 1, burst: 10 };
  },
  'timeout-cascade/slow-payment': both(
    edge('patient-shop-patient-orders', { timeoutMs: 400 }),
    edge('patient-orders-payment', { timeoutMs: 200 }),
  ),
  'connection-pool-exhaustion/slow-reports': edge('shared-database', { maxConnections: 64 }),
  'cache-stampede/flush-under-load': ({ nodes }) => {
    const { routes } = configOf(nodes, 'each') as { routes: { steps: Record<string, unknown>[] }[] };
    for (const step of routes.flatMap(({ steps }) => steps)) step.singleFlight = true;
  },
  'load-balancer-sinkhole/one-replica-fails-fast': node('trusting', { balancing: 'round-robin' }),
  'goodput-collapse/four-times-the-load': node('long', { queue: { limit: 5 } }),
  'thundering-herd/wake-together': node('small', { queue: { limit: 200 } }),
  'slow-consumer/audit-becomes-slow': edge('waiting-waiting-audit', {
    timeoutMs: 500,
    bulkhead: { maxConcurrent: 3, maxQueued: 0 },
    fallback: { status: 200, body: 'missed' },
  }),
  'scale-what-is-hot/scale-orders-alone': node('shop', { replicas: 3 }),
  'queue-buys-time/burst': node('queue', { queue: { limit: 0 } }),
  'queue-buys-time/overload': node('queue', { concurrency: 16 }),
  'shop-monolith/leaking-version': wellBehaved('shop'),
  'shop-microservices/leaking-version': wellBehaved('orders'),
  'shop-monolith/change-one-feature': pipeline('shop', { buildMsPerModule: 0, testMsPerModule: 0 }),
  'shop-microservices/change-one-feature': pipeline('orders', { fixedMs: 300_000 }),
  'shop-serverless/idle-spike-idle': both(
    ...['users', 'catalogue', 'auth', 'orders'].map((id) => node(id, { idleTimeoutMs: 600_000 })),
  ),
  'shop-serverless/break-even': (document) => {
    document.prices = pricesSchema.parse({
      ...document.prices,
      unit: { lambdaRequest: 0, lambdaGbSecond: 0.0000001 },
    });
  },
  // Nobody waits.
  'functions-compared/waiting-together': ({ nodes }) => {
    const { routes } = configOf(nodes, 'stock') as { routes: { steps: Record<string, unknown>[] }[] };
    for (const step of routes.flatMap(({ steps }) => steps)) step.duration = { type: 'fixed', valueMs: 1 };
  },
  // Nothing is ever set aside.
  'functions-by-events/orders-nobody-can-fulfil': ({ nodes }) => {
    const { eventSources } = configOf(nodes, 'fulfil') as { eventSources: Record<string, unknown>[] };
    for (const source of eventSources) source.maxAttempts = 1000;
  },
  'functions-by-events/by-the-clock': node('report', { idleTimeoutMs: 600_000 }),
  'deploys/rolling': wellBehaved('shop'),
  'deploys/canary': ({ experiments }) => {
    for (const step of experiments.flatMap(({ method }) => method))
      if (step.type === 'deploy') step.strategy = { type: 'rolling', maxSurge: 1, maxUnavailable: 0 };
  },
  'messaging-redis/brokers-killed': node('forgetful', { persistence: 'append-only' }),
  'messaging-redis/retries-with-backoff': consumerOf('worker', { maxAttempts: 1 }),
  'messaging-redis/competing-and-fan-out': withoutFaults,
  'messaging-redis/crash-before-ack': withoutFaults,
  'messaging-redis/rewind': withoutRewinding,
  'messaging-rabbitmq/broker-killed': ({ nodes }) => {
    const { queues } = configOf(nodes, 'broker') as {
      queues: { name: string; durable: boolean; persistent: boolean }[];
    };
    for (const queue of queues) Object.assign(queue, { durable: true, persistent: true });
  },
  'messaging-rabbitmq/retries-with-backoff': consumerOf('worker', { maxAttempts: 1 }),
  'messaging-rabbitmq/competing-and-fan-out': withoutFaults,
  'messaging-rabbitmq/crash-before-ack': withoutFaults,
  'messaging-rabbitmq/order-by-key': consumerOf('mailing', { keyOrder: true }),
  'messaging-redis/order-by-key': consumerOf('mailing', { keyOrder: true }),
  'messaging-compared/one-workload': consumerOf('kafka-workers', { keyOrder: false }),
  'messaging-kafka/brokers-killed': node('forgetful', { persistence: 'segments' }),
  'messaging-kafka/retries-with-backoff': consumerOf('worker', { maxAttempts: 1 }),
  'messaging-kafka/competing-and-fan-out': withoutFaults,
  'messaging-kafka/crash-before-ack': withoutFaults,
  'messaging-kafka/order-by-key': consumerOf('mailing', { keyOrder: true }),
  'messaging-kafka/rewind': withoutRewinding,
  // What was read is gone before a group begins with the first message that is there.
  'messaging-kafka/replay': ({ nodes, experiments }, name) => {
    const { topics } = configOf(nodes, 'broker') as { topics: Record<string, unknown>[] };
    for (const topic of topics) topic.retentionMs = 100;
    const experiment = experiments.find((each) => each.name === name);
    if (experiment)
      experiment.method = experiment.method.map((step) =>
        step.type === 'wait-until' ? { type: 'observe', title: 'it reads what is there', durationMs: 1500 } : step,
      );
  },
  'scaling/step-load': ({ nodes }) => {
    const { autoscaling } = configOf(nodes, 'orders') as { autoscaling: Record<string, unknown> };
    Object.assign(autoscaling, { minReplicas: 6 });
  },
};

export const absenceOf = (example: string, experiment: string): Absence =>
  own[`${example}/${experiment}`] ?? nothingHappens;
