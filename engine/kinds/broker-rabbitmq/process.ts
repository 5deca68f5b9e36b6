import { join } from 'node:path';
import { createHistogram, record, reset, toSparse } from '../../metrics/histogram.ts';
import { amqpDeclarationOf, bindingArguments } from '../../model/amqp-declaration.ts';
import type { Destination } from '../../model/broker.ts';
import type { PeekOf } from '../../model/peek.ts';
import { faultHooks, longest } from '../../process-kit/fault-hooks.ts';
import { runProcess } from '../../process-kit/run-process.ts';
import { switchCalls } from '../../process-kit/switch-calls.ts';
import type { Definitions } from '../../wire/amqp/define.ts';
import { createServer } from '../../wire/amqp/server.ts';
import { rabbitDestinations } from './destinations.ts';
import { createFates, heldBy, lookAt } from './held.ts';
import type { RabbitBrokerConfig } from './launch.ts';
import { peekQueue } from './peek.ts';
import { takesMessages, timeWrite } from './takes-messages.ts';

runProcess<RabbitBrokerConfig>(({ config, directory }) => {
  const { maxMemoryMb } = config;
  const destinations = rabbitDestinations(config);
  const latency = createHistogram();
  let requests = 0;
  let errors = 0;
  let port = 0;
  const fates = createFates();
  const server = createServer({
    ...(directory !== undefined && { dataDir: join(directory, 'data') }),
    ...(maxMemoryMb !== null && { maxHeldBytes: Math.round(maxMemoryMb * 1024 * 1024) }),
    commandDelayMs: () => longest(faultHooks.command),
    diskDelayMs: () => longest(faultHooks.disk),
    onMethod(durationMs, failed) {
      requests += 1;
      if (failed) errors += 1;
      record(latency, durationMs);
    },
    onLetGo: fates.note,
  });
  server.define(definitionsOf(destinations));
  const queues = destinations.flatMap(({ name, pattern }) => (pattern === 'queue' ? [name] : []));

  return {
    async listen() {
      port = await server.listen();
      return port;
    },
    wire() {},
    configure() {},
    measure() {
      const sparse = toSparse(latency);
      reset(latency);
      return { requests, errors, inFlight: 0, latency: sparse, gauges: { usedBytes: server.heldBytes } };
    },
    calls: {
      held: (asked: { queue: string; ids: string[] }) => heldBy(server, fates, asked),
      peek: (of: PeekOf) => peekQueue(server, of, Date.now()),
      look: () => lookAt(server, queues, Date.now()),
      ...switchCalls('queue-full', (isOn) => (isOn ? server.block('memory') : server.unblock('memory'))),
      ...switchCalls('disk-full', (isOn) => (isOn ? server.block('disk') : server.unblock('disk'))),
      async 'disk-write'() {
        return server.recovered === null ? null : await timeWrite({ host: '127.0.0.1', port });
      },
      'takes-writes': () => takesMessages({ host: '127.0.0.1', port }),
    },
    drain: () => server.close(),
  };
});

/** What it has from its start on, whoever comes first. */
function definitionsOf(destinations: readonly Destination[]): Definitions {
  const exchanges: NonNullable<Definitions['exchanges']>[number][] = [];
  const queues: NonNullable<Definitions['queues']>[number][] = [];
  const bindings: NonNullable<Definitions['bindings']>[number][] = [];
  const isExchange = (name: string): boolean =>
    destinations.some((destination) => destination.name === name && destination.pattern === 'exchange');
  for (const destination of destinations) {
    const { name, routing } = destination;
    const declaration = amqpDeclarationOf(destination);
    const { isDurable: durable } = declaration;
    if (declaration.kind === 'queue') queues.push({ name, durable, arguments: declaration.arguments });
    else exchanges.push({ name, durable, type: declaration.type });
    for (const binding of routing?.bindings ?? [])
      bindings.push({
        ...{ source: name, destination: binding.to, kind: isExchange(binding.to) ? 'exchange' : 'queue' },
        ...{ key: binding.key, arguments: bindingArguments(routing as NonNullable<typeof routing>, binding) },
      });
  }
  return { exchanges, queues, bindings };
}
