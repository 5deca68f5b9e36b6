import { ProtocolError } from './errors.ts';
import type { Field, Fields, Read, WireType, Written } from './fields.ts';
import { Reader } from './reader.ts';
import { includes, parseVersions } from './versions.ts';
import { Writer } from './writer.ts';

type ReadValue = (reader: Reader) => unknown;
type WriteValue = (writer: Writer, value: never) => void;

/** What one version of a message reads and writes. */
interface Shape {
  read(reader: Reader): Record<string, unknown>;
  write(writer: Writer, value: Record<string, unknown>): void;
  /** The fewest bytes that it takes. */
  minBytes: number;
}

/** One version of a message, made from its table when it is first needed. */
export interface Codec<S extends Fields> {
  read(reader: Reader): Read<S>;
  write(writer: Writer, value: Written<S>): void;
}

/** Makes readers and writers of the versions of one message. `flexible`: the versions with compact lengths and tags. */
export function codecs<S extends Fields>(fields: S, flexible: string | undefined): (version: number) => Codec<S> {
  const made: Shape[] = [];
  const range = flexible === undefined ? null : parseVersions(flexible);
  return (version) => {
    made[version] ??= shape(fields, version, range !== null && includes(range, version));
    return made[version] as unknown as Codec<S>;
  };
}

const isIn = (versions: string | undefined, version: number): boolean =>
  versions !== undefined && includes(parseVersions(versions), version);

function shape(fields: Fields, version: number, flexible: boolean): Shape {
  const all = Object.entries(fields).map(([name, field]) => {
    const isHere = isIn(field.versions, version);
    return { name, field, isHere, isTagged: isHere && field.tag !== undefined, ...values(field, version, flexible) };
  });
  const plain = all.filter((each) => each.isHere && !each.isTagged);
  const tagged = all.filter((each) => each.isTagged);
  const byTag = new Map(tagged.map((each) => [each.field.tag as number, each]));
  const minBytes = plain.reduce((sum, each) => sum + each.minBytes, flexible ? 1 : 0);

  const readTags = (reader: Reader, value: Record<string, unknown>): void => {
    for (let left = reader.varint(); left > 0; left -= 1) {
      const tag = byTag.get(reader.varint());
      const bytes = reader.bytes(reader.varint());
      if (tag) value[tag.name] = tag.read(new Reader(bytes));
    }
  };
  const writeTags = (writer: Writer, value: Record<string, unknown>): void => {
    const given = tagged.filter(({ name, field }) => value[name] !== undefined && !isDefault(value[name], field));
    writer.varint(given.length);
    for (const each of given) {
      const own = new Writer();
      each.write(own, value[each.name] as never);
      writer.varint(each.field.tag as number);
      writer.varint(own.length);
      for (const part of own.finish()) writer.raw(part);
    }
  };

  return {
    minBytes,
    read(reader) {
      const value: Record<string, unknown> = {};
      for (const each of all) value[each.name] = each.isHere && !each.isTagged ? each.read(reader) : each.absent;
      if (flexible) readTags(reader, value);
      return value;
    },
    write(writer, value) {
      for (const each of plain) each.write(writer, each.orDefault(value[each.name]) as never);
      if (flexible) writeTags(writer, value);
    },
  };
}

/** Only primitive values and lists are left out when they are their default. */
const isDefault = (value: unknown, field: Field): boolean =>
  field.isArray ? (value as unknown[] | null)?.length === 0 : value === field.default;

/** How the value of one field is read and written in one version. */
function values(field: Field, version: number, flexible: boolean) {
  const nullable = isIn(field.nullable, version);
  const { read, write, minBytes } = field.fields
    ? ofStruct(shape(field.fields, version, flexible), field.isArray, nullable, flexible)
    : ofPrimitive(field.type as WireType, field.isArray, nullable, flexible);
  const absent = field.default === undefined ? defaultsOf(field.fields as Fields) : field.default;
  const zero = field.isArray ? [] : field.type?.zero;
  /** What is written for what was given: its default for nothing, and nothing for null where there is no null. */
  const orDefault = (given: unknown): unknown => {
    const value = given === undefined ? absent : given;
    return value === null && !nullable ? zero : value;
  };
  return { read: read as ReadValue, write: write as WriteValue, minBytes, absent, orDefault };
}

const defaultsOf = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.default === undefined ? defaultsOf(field.fields as Fields) : field.default,
    ]),
  );

function ofPrimitive(type: WireType, isArray: boolean, nullable: boolean, flexible: boolean) {
  if (isArray)
    return ofArray(
      {
        minBytes: type.minBytes(flexible),
        read: (reader) => type.read(reader, flexible),
        write: (writer, value) => type.write(writer, value, flexible),
      },
      nullable,
      flexible,
    );
  const read = nullable && type.readNullable ? type.readNullable : type.read;
  const write = nullable && type.writeNullable ? type.writeNullable : type.write;
  return {
    minBytes: type.minBytes(flexible),
    read: (reader: Reader) => read(reader, flexible),
    write: (writer: Writer, value: never) => write(writer, value, flexible),
  };
}

function ofStruct(made: Shape, isArray: boolean, nullable: boolean, flexible: boolean) {
  if (isArray) return ofArray(made as unknown as Element, nullable, flexible);
  if (!nullable) return made;
  return {
    minBytes: 1,
    read: (reader: Reader) => (reader.int8() < 0 ? null : made.read(reader)),
    write(writer: Writer, value: Record<string, unknown> | null) {
      writer.int8(value === null ? -1 : 1);
      if (value !== null) made.write(writer, value);
    },
  };
}

interface Element {
  minBytes: number;
  read(reader: Reader): unknown;
  write(writer: Writer, value: never): void;
}

const ofArray = (element: Element, nullable: boolean, flexible: boolean) => ({
  minBytes: flexible ? 1 : 4,
  read(reader: Reader): unknown[] | null {
    const count = reader.count(flexible, element.minBytes);
    if (count < 0) {
      if (nullable) return null;
      throw new ProtocolError('null for an array that must be there');
    }
    const elements: unknown[] = [];
    for (let i = 0; i < count; i += 1) elements.push(element.read(reader));
    return elements;
  },
  write(writer: Writer, elements: readonly never[] | null): void {
    writer.count(elements === null ? -1 : elements.length, flexible);
    if (elements !== null) for (const each of elements) element.write(writer, each);
  },
});
