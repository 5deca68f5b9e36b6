import type { ExchangeDeclaration, ExchangeType } from '../broker/exchange.ts';
import { Message } from '../broker/message.ts';
import { bytesOf } from '../bytes/bytes.ts';
import { MalformedError } from '../bytes/malformed.ts';
import type { Reader } from '../bytes/reader.ts';
import type { Writer } from '../bytes/writer.ts';
import { encodeTable, type FieldTable, readTable } from '../protocol/field-table.ts';

/** The place of a message in a queue, as the log has it. Times are epoch milliseconds; 0: does not expire. */
export interface PlaceRecord {
  queueId: number;
  seq: number;
  expiresAtMs: number;
  publishedAtMs: number;
  isRedelivered: boolean;
  returns: number;
}

export interface BindingRecord {
  virtualHost: string;
  source: string;
  destination: { kind: 'queue' | 'exchange'; name: string };
  key: string;
  args: FieldTable;
}

/** What the log tells, in the order in which it happened. */
export type LogRecord =
  | { type: 'exchange'; virtualHost: string; declaration: Omit<ExchangeDeclaration, 'isDurable'> }
  | { type: 'exchange-deleted'; virtualHost: string; name: string }
  | { type: 'queue'; id: number; virtualHost: string; name: string; isAutoDelete: boolean; args: FieldTable }
  | { type: 'queue-deleted'; id: number }
  | { type: 'binding'; binding: BindingRecord }
  | { type: 'binding-deleted'; binding: BindingRecord }
  | { type: 'message'; message: Message; places: PlaceRecord[] }
  /** The message there is done with. */
  | { type: 'removed'; queueId: number; seq: number }
  /** All up to there have been handed out at least once. */
  | { type: 'delivered'; queueId: number; seq: number }
  /** The message there came back so many times. */
  | { type: 'returned'; queueId: number; seq: number; returns: number };

const CODES = {
  exchange: 1,
  'exchange-deleted': 2,
  queue: 3,
  'queue-deleted': 4,
  binding: 5,
  'binding-deleted': 6,
  message: 7,
  removed: 8,
  delivered: 9,
  returned: 10,
} as const satisfies Record<LogRecord['type'], number>;

const NAMES: LogRecord['type'][] = [];
for (const [name, code] of Object.entries(CODES)) NAMES[code] = name as LogRecord['type'];

const SHORT_STRING_BYTES = 256;
const PLACE_BYTES = 4 + 8 + 8 + 8 + 1 + 4;

export function writeRecord(writer: Writer, record: LogRecord): void {
  const begin = (bytes: number): void => {
    writer.reserve(1 + bytes);
    writer.octet(CODES[record.type]);
  };
  switch (record.type) {
    case 'exchange': {
      const { name, type, isAutoDelete, isInternal, args } = record.declaration;
      const table = encodeTable(args);
      begin(3 * SHORT_STRING_BYTES + 1 + table.length);
      writer.shortstr(record.virtualHost);
      writer.shortstr(name);
      writer.shortstr(type);
      writer.octet((isAutoDelete ? 1 : 0) | (isInternal ? 2 : 0));
      writer.latin1(table);
      break;
    }
    case 'exchange-deleted':
      begin(2 * SHORT_STRING_BYTES);
      writer.shortstr(record.virtualHost);
      writer.shortstr(record.name);
      break;
    case 'queue': {
      const table = encodeTable(record.args);
      begin(4 + 2 * SHORT_STRING_BYTES + 1 + table.length);
      writer.long(record.id);
      writer.shortstr(record.virtualHost);
      writer.shortstr(record.name);
      writer.octet(record.isAutoDelete ? 1 : 0);
      writer.latin1(table);
      break;
    }
    case 'queue-deleted':
      begin(4);
      writer.long(record.id);
      break;
    case 'binding':
    case 'binding-deleted': {
      const { virtualHost, source, destination, key, args } = record.binding;
      const table = encodeTable(args);
      begin(4 * SHORT_STRING_BYTES + 1 + table.length);
      writer.shortstr(virtualHost);
      writer.shortstr(source);
      writer.octet(destination.kind === 'queue' ? 1 : 0);
      writer.shortstr(destination.name);
      writer.shortstr(key);
      writer.latin1(table);
      break;
    }
    case 'message': {
      const { exchange, routingKey, properties, body } = record.message;
      begin(2 * SHORT_STRING_BYTES + 2 + record.places.length * PLACE_BYTES + 4 + properties.length + 4);
      writer.shortstr(exchange);
      writer.shortstr(routingKey);
      writer.short(record.places.length);
      for (const place of record.places) {
        writer.long(place.queueId);
        writer.longlong(place.seq);
        writer.longlong(place.expiresAtMs);
        writer.longlong(place.publishedAtMs);
        writer.octet(place.isRedelivered ? 1 : 0);
        writer.long(place.returns);
      }
      writer.longstr(properties);
      writer.long(body.length);
      writer.bytes(body, 0, body.length);
      break;
    }
    case 'removed':
    case 'delivered':
    case 'returned':
      begin(4 + 8 + 4);
      writer.long(record.queueId);
      writer.longlong(record.seq);
      if (record.type === 'returned') writer.long(record.returns);
      break;
  }
}

/** Throws a `MalformedError` where there is no record. */
export function readRecord(reader: Reader): LogRecord {
  const type = NAMES[reader.octet()];
  switch (type) {
    case 'exchange': {
      const virtualHost = reader.shortstr();
      const name = reader.shortstr();
      const exchangeType = reader.shortstr() as ExchangeType;
      const flags = reader.octet();
      const declaration = {
        name,
        type: exchangeType,
        isAutoDelete: (flags & 1) !== 0,
        isInternal: (flags & 2) !== 0,
        args: readTable(reader),
      };
      return { type, virtualHost, declaration };
    }
    case 'exchange-deleted':
      return { type, virtualHost: reader.shortstr(), name: reader.shortstr() };
    case 'queue':
      return {
        type,
        id: reader.long(),
        virtualHost: reader.shortstr(),
        name: reader.shortstr(),
        isAutoDelete: reader.octet() !== 0,
        args: readTable(reader),
      };
    case 'queue-deleted':
      return { type, id: reader.long() };
    case 'binding':
    case 'binding-deleted': {
      const virtualHost = reader.shortstr();
      const source = reader.shortstr();
      const kind = reader.octet() === 1 ? 'queue' : 'exchange';
      const destination = { kind, name: reader.shortstr() } as const;
      return { type, binding: { virtualHost, source, destination, key: reader.shortstr(), args: readTable(reader) } };
    }
    case 'message': {
      const exchange = reader.shortstr();
      const routingKey = reader.shortstr();
      const places = Array.from({ length: reader.short() }, () => ({
        queueId: reader.long(),
        seq: reader.longlong(),
        expiresAtMs: reader.longlong(),
        publishedAtMs: reader.longlong(),
        isRedelivered: reader.octet() !== 0,
        returns: reader.long(),
      }));
      const properties = reader.longstr();
      const bodyAt = reader.take(reader.long());
      const body = bytesOf(reader.buffer, bodyAt, reader.at);
      return { type, message: new Message(exchange, routingKey, properties, body), places };
    }
    case 'removed':
    case 'delivered':
      return { type, queueId: reader.long(), seq: reader.longlong() };
    case 'returned':
      return { type, queueId: reader.long(), seq: reader.longlong(), returns: reader.long() };
    default:
      throw new MalformedError('there is no such record');
  }
}
