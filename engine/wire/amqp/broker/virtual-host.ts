import { headersProblem } from '../exchanges/headers.ts';
import { AmqpError, accessRefused, commandInvalid, notFound, preconditionFailed } from '../protocol/errors.ts';
import { type FieldTable, lookUp } from '../protocol/field-table.ts';
import { assertSame, assertSameArguments, erlangText, resourceName } from './arguments.ts';
import { Bindings } from './bindings.ts';
import { type Binding, Exchange, type ExchangeDeclaration, isExchangeType } from './exchange.ts';
import type { Journal } from './journal.ts';
import { type Owner, Queue, type QueueHost } from './queue.ts';
import { argumentsOf, checkQueueArguments, queueTypeOf } from './queue-arguments.ts';

/** Those that every virtual host has. The first has no name: the default exchange. */
const BUILT_IN: readonly (readonly [name: string, type: ExchangeDeclaration['type'], isInternal?: true])[] = [
  ['', 'direct'],
  ['amq.direct', 'direct'],
  ['amq.fanout', 'fanout'],
  ['amq.topic', 'topic'],
  ['amq.headers', 'headers'],
  ['amq.match', 'headers'],
  ['amq.rabbitmq.trace', 'topic', true],
];

export interface ExchangeRequest {
  name: string;
  type: string;
  isDurable: boolean;
  isAutoDelete: boolean;
  isInternal: boolean;
  args: FieldTable;
}

export interface QueueRequest {
  name: string;
  isDurable: boolean;
  isAutoDelete: boolean;
  /** Who alone may use it, and with whom it ends; null: everybody. */
  owner: Owner | null;
  args: FieldTable;
}

export interface BindingRequest {
  source: string;
  destination: { kind: 'queue' | 'exchange'; name: string };
  key: string;
  args: FieldTable;
}

/** Exchanges, queues and bindings under one name: what may be declared, what follows from deleting. Errors are RabbitMQ's. */
export class VirtualHost {
  readonly name: string;
  readonly exchanges = new Map<string, Exchange>();
  readonly queues = new Map<string, Queue>();
  readonly bindings = new Bindings();
  readonly #host: QueueHost;
  readonly #newQueueId: () => number;
  readonly #journal: () => Journal | null;
  readonly #exclusive = new Map<Owner, Set<Queue>>();

  constructor(options: { name: string; host: QueueHost; newQueueId(): number; journal(): Journal | null }) {
    this.name = options.name;
    this.#host = options.host;
    this.#newQueueId = options.newQueueId;
    this.#journal = options.journal;
    for (const [name, type, isInternal = false] of BUILT_IN)
      this.exchanges.set(
        name,
        new Exchange({ name, type, isDurable: true, isAutoDelete: false, isInternal, args: [] }, this.name),
      );
  }

  exchange(name: string): Exchange {
    const exchange = this.exchanges.get(name);
    if (!exchange) throw notFound(`no ${resourceName('exchange', name, this.name)}`);
    return exchange;
  }

  queue(name: string): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw notFound(`no ${resourceName('queue', name, this.name)}`);
    return queue;
  }

  /** The queue, unless it is another connection's. */
  accessibleQueue(name: string, by: Owner): Queue {
    const queue = this.queue(name);
    if (queue.owner !== null && queue.owner !== by) throw locked(queue);
    return queue;
  }

  declareExchange(request: ExchangeRequest): Exchange {
    const { name, type, isDurable, isAutoDelete, isInternal, args } = request;
    if (!isExchangeType(type)) throw commandInvalid(`unknown exchange type '${type}'`);
    refuseDefault(name);
    const known = this.exchanges.get(name);
    if (known) {
      assertSame('type', known.label, type, known.type);
      assertSame('durable', known.label, isDurable, known.isDurable);
      assertSame('auto_delete', known.label, isAutoDelete, known.isAutoDelete);
      assertSame('internal', known.label, isInternal, known.isInternal);
      assertSameArguments(['alternate-exchange'], known.label, args, known.args);
      return known;
    }
    refuseReserved('exchange', name);
    assertText(args, 'alternate-exchange', resourceName('exchange', name, this.name));
    return this.addExchange({ name, type, isDurable, isAutoDelete, isInternal, args });
  }

  addExchange(declaration: ExchangeDeclaration): Exchange {
    const exchange = new Exchange(declaration, this.name);
    this.exchanges.set(exchange.name, exchange);
    if (exchange.isDurable) this.#journal()?.exchangeDeclared(this.name, exchange);
    return exchange;
  }

  deleteExchange(name: string, ifUnused: boolean): void {
    refuseDefault(name);
    if (name.startsWith('amq.'))
      throw accessRefused(`deletion of system ${resourceName('exchange', name, this.name)} not allowed`);
    const exchange = this.exchanges.get(name);
    if (!exchange) return;
    if (ifUnused && this.bindings.hasAnyFrom(exchange)) throw preconditionFailed(`${exchange.label} in use`);
    this.#removeExchange(exchange);
  }

  /** Declares a queue that has a name. */
  declareQueue(request: QueueRequest): Queue {
    const { name, isAutoDelete, owner, args } = request;
    const resource = resourceName('queue', name, this.name);
    // An exclusive queue ends with its connection, whatever else is asked for.
    const isDurable = request.isDurable && owner === null;
    const known = this.queues.get(name);
    if (known) {
      if (known.owner !== owner) throw locked(known);
      assertSame('durable', resource, isDurable, known.isDurable);
      assertSame('auto_delete', resource, isAutoDelete, known.isAutoDelete);
      assertSameArguments(argumentsOf[known.settings.type], resource, args, known.args);
      known.touch();
      return known;
    }
    assertText(args, 'x-dead-letter-exchange', resource);
    checkQueueArguments(args, resource);
    if (queueTypeOf(args) === 'quorum') {
      if (isAutoDelete) throw preconditionFailed(`invalid property 'auto-delete' for ${resource}`);
      if (owner !== null) throw preconditionFailed(`invalid property 'exclusive-owner' for ${resource}`);
      if (!isDurable) throw preconditionFailed(`invalid property 'non-durable' for ${resource}`);
    }
    return this.addQueue({ name, isDurable, isAutoDelete, owner, args }, this.#newQueueId());
  }

  addQueue(declaration: QueueRequest, id: number): Queue {
    const queue = new Queue({ ...declaration, virtualHost: this.name, id }, this.#host);
    this.queues.set(queue.name, queue);
    if (queue.isDurable) this.#journal()?.queueDeclared(this.name, queue);
    if (queue.owner) this.#exclusive.set(queue.owner, (this.#exclusive.get(queue.owner) ?? new Set()).add(queue));
    return queue;
  }

  /** Returns how many messages were waiting. */
  deleteQueue(queue: Queue): number {
    if (queue.isDeleted) return 0;
    this.queues.delete(queue.name);
    if (queue.owner) this.#exclusive.get(queue.owner)?.delete(queue);
    const count = queue.delete();
    if (queue.isDurable) this.#journal()?.queueDeleted(queue);
    this.#removeBindings(this.bindings.to(queue));
    return count;
  }

  /** The exclusive queues of a connection that ends. */
  deleteQueuesOf(owner: Owner): void {
    for (const queue of [...(this.#exclusive.get(owner) ?? [])]) this.deleteQueue(queue);
    this.#exclusive.delete(owner);
  }

  /** `mayUse` is asked before a queue is bound. */
  bind(request: BindingRequest, mayUse?: (queue: Queue) => void): void {
    const { key, args } = request;
    refuseDefaultEnds(request);
    const source = this.exchange(request.source);
    const destination =
      request.destination.kind === 'queue'
        ? this.queue(request.destination.name)
        : this.exchange(request.destination.name);
    if (source.type === 'headers') {
      const problem = headersProblem(args, erlangText);
      if (problem) throw preconditionFailed(problem);
    }
    if (destination instanceof Queue) mayUse?.(destination);
    if (this.bindings.find(source, destination, key, args)) return;
    const binding = { source, destination, key, args };
    this.bindings.add(binding);
    if (isDurable(binding)) this.#journal()?.bound(this.name, binding);
  }

  /** A binding that is not there is as good as removed. */
  unbind(request: BindingRequest, mayUse?: (queue: Queue) => void): void {
    refuseDefaultEnds(request);
    const { kind, name } = request.destination;
    const source = this.exchanges.get(request.source);
    const destination = kind === 'queue' ? this.queues.get(name) : this.exchanges.get(name);
    if (!source || !destination) return;
    const binding = this.bindings.find(source, destination, request.key, request.args);
    if (!binding) return;
    if (destination instanceof Queue) mayUse?.(destination);
    this.#removeBindings([binding]);
  }

  #removeExchange(exchange: Exchange): void {
    this.exchanges.delete(exchange.name);
    for (const binding of this.bindings.from(exchange)) this.#removeBinding(binding);
    if (exchange.isDurable) this.#journal()?.exchangeDeleted(this.name, exchange);
    this.#removeBindings(this.bindings.to(exchange));
  }

  /** Exchanges that were to be deleted with their last binding go with it. */
  #removeBindings(bindings: readonly Binding[]): void {
    for (const binding of bindings) {
      this.#removeBinding(binding);
      const { source } = binding;
      if (source.isAutoDelete && !this.bindings.hasAnyFrom(source) && this.exchanges.get(source.name) === source)
        this.#removeExchange(source);
    }
  }

  #removeBinding(binding: Binding): void {
    this.bindings.remove(binding);
    if (isDurable(binding)) this.#journal()?.unbound(this.name, binding);
  }
}

const isDurable = ({ source, destination }: Binding): boolean => source.isDurable && destination.isDurable;

const locked = ({ label }: Queue): AmqpError =>
  new AmqpError(
    'RESOURCE_LOCKED',
    `cannot obtain exclusive access to locked ${label}. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.`,
  );

export function refuseDefault(name: string): void {
  if (name === '') throw accessRefused('operation not permitted on the default exchange');
}

const refuseDefaultEnds = ({ source, destination }: BindingRequest): void => {
  if (destination.kind === 'exchange') refuseDefault(destination.name);
  refuseDefault(source);
};

export function refuseReserved(kind: 'queue' | 'exchange', name: string): void {
  if (name.startsWith('amq.')) throw accessRefused(`${kind} name '${name}' contains reserved prefix 'amq.*'`);
}

const assertText = (args: FieldTable, name: string, resource: string): void => {
  const value = lookUp(args, name);
  if (value && value.type !== 'longstr')
    throw preconditionFailed(`invalid type '${value.type}' for arg '${name}' in ${resource}`);
};
