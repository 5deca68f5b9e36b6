import type { VirtualHost } from './broker/virtual-host.ts';
import type { FieldTable, FieldValue } from './protocol/field-table.ts';
import { encoded } from './status.ts';

/** Arguments as programs write them: whole numbers become longs, others doubles. */
export type PlainArguments = Readonly<Record<string, PlainValue>>;
type PlainValue = string | number | boolean | null | readonly PlainValue[] | { readonly [name: string]: PlainValue };

/** What is to be there; durable and kept unless it says otherwise. */
export interface Definitions {
  exchanges?: readonly {
    name: string;
    type: string;
    durable?: boolean;
    autoDelete?: boolean;
    internal?: boolean;
    arguments?: PlainArguments;
  }[];
  queues?: readonly { name: string; durable?: boolean; autoDelete?: boolean; arguments?: PlainArguments }[];
  bindings?: readonly {
    source: string;
    destination: string;
    /** Default: a queue. */
    kind?: 'queue' | 'exchange';
    key?: string;
    arguments?: PlainArguments;
  }[];
}

/** Declares all of it, in the order in which it depends on each other. Throws the error that a client would get. */
export function define(virtualHost: VirtualHost, { exchanges = [], queues = [], bindings = [] }: Definitions): void {
  for (const { name, type, durable = true, autoDelete = false, internal = false, arguments: args = {} } of exchanges)
    virtualHost.declareExchange({
      name: encoded(name),
      type,
      isDurable: durable,
      isAutoDelete: autoDelete,
      isInternal: internal,
      args: tableOf(args),
    });
  for (const { name, durable = true, autoDelete = false, arguments: args = {} } of queues)
    virtualHost.declareQueue({
      name: encoded(name),
      isDurable: durable,
      isAutoDelete: autoDelete,
      owner: null,
      args: tableOf(args),
    });
  for (const { source, destination, kind = 'queue', key = '', arguments: args = {} } of bindings)
    virtualHost.bind({
      source: encoded(source),
      destination: { kind, name: encoded(destination) },
      key: encoded(key),
      args: tableOf(args),
    });
}

const tableOf = (args: PlainArguments): FieldTable =>
  Object.entries(args).map(([name, value]) => [encoded(name), fieldOf(value)]);

function fieldOf(value: PlainValue): FieldValue {
  if (value === null) return { type: 'void', value: undefined };
  if (typeof value === 'string') return { type: 'longstr', value: encoded(value) };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'number') return Number.isInteger(value) ? { type: 'long', value } : { type: 'double', value };
  if (Array.isArray(value)) return { type: 'array', value: value.map(fieldOf) };
  return { type: 'table', value: tableOf(value as PlainArguments) };
}
