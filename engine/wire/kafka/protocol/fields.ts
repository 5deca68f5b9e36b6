import type { Reader } from './reader.ts';
import { NO_UUID, type Records, type Uuid } from './values.ts';
import type { Writer } from './writer.ts';

/** Which versions of a message something belongs to: `3+`, `0-12` or `4`. */
export type Versions = string;

interface Options<T> {
  /** In these versions the value may be null. */
  nullable?: Versions;
  /** What a version without the field has, and a writer that leaves it out. */
  default?: T | null;
  /** The field is written only where it differs from its default, with this number before it. */
  tag?: number;
}

/** How values of one type stand on the wire. A flexible message writes lengths as variable-length integers. */
export interface WireType {
  /** The fewest bytes that a value takes. */
  minBytes(flexible: boolean): number;
  read(reader: Reader, flexible: boolean): unknown;
  write(writer: Writer, value: never, flexible: boolean): void;
  readNullable?(reader: Reader, flexible: boolean): unknown;
  writeNullable?(writer: Writer, value: never, flexible: boolean): void;
  zero: unknown;
}

/** One field of a message. `Out` is what a reader gets, `In` what a writer may give. */
export interface Field<Out = unknown, In = unknown, Optional extends boolean = boolean> {
  readonly versions: Versions;
  readonly nullable: Versions | undefined;
  readonly default: unknown;
  readonly tag: number | undefined;
  /** Of a primitive value or of the elements of a list. */
  readonly type: WireType | null;
  /** Of a struct or of the elements of an array. */
  readonly fields: Fields | null;
  readonly isArray: boolean;
  /** Only for the compiler. */
  readonly types?: { out: Out; in: In; optional: Optional };
}

export type Fields = { readonly [name: string]: Field };

type Out<F> = F extends Field<infer T, unknown, boolean> ? T : never;
type In<F> = F extends Field<unknown, infer T, boolean> ? T : never;
type Optional<F> = F extends { types?: { optional: infer O } } ? O : false;

/** What a reader makes of a message. */
export type Read<S extends Fields> = { [K in keyof S]: Out<S[K]> };

/** What a writer needs: a field may be left out where it has a default, or is not in every version. */
export type Written<S extends Fields> = {
  [K in keyof S as Optional<S[K]> extends true ? never : K]: In<S[K]>;
} & { [K in keyof S as Optional<S[K]> extends true ? K : never]?: In<S[K]> };

type OrNull<T, O> = O extends { nullable: Versions } ? T | null : T;
type IsOptional<V, O> = V extends '0+'
  ? O extends { default: unknown }
    ? true
    : O extends { tag: number }
      ? true
      : false
  : true;

const field = (
  versions: Versions,
  options: Options<unknown> | undefined,
  of: { type: WireType } | { fields: Fields },
  isArray: boolean,
  zero: unknown,
): Field => ({
  versions,
  nullable: options?.nullable,
  default: options?.default === undefined ? zero : options.default,
  tag: options?.tag,
  type: null,
  fields: null,
  ...of,
  isArray,
});

/** A type together with the maker of fields of it. */
interface Primitive<T, I> {
  <const V extends Versions, const O extends Options<T> = Record<never, never>>(
    versions: V,
    options?: O,
  ): Field<OrNull<T, O>, OrNull<I, O>, IsOptional<V, O>>;
  readonly type: WireType;
}

const primitive = <T, I = T>(type: WireType): Primitive<T, I> =>
  Object.assign((versions: Versions, options?: Options<T>) => field(versions, options, { type }, false, type.zero), {
    type,
  }) as unknown as Primitive<T, I>;

const fixed = <T>(
  bytes: number,
  zero: T,
  read: (reader: Reader) => T,
  write: (writer: Writer, value: T) => void,
): Primitive<T, T> =>
  primitive({ minBytes: () => bytes, zero, read, write: write as (writer: Writer, value: never) => void });

export const boolean = fixed<boolean>(
  1,
  false,
  (reader) => reader.int8() !== 0,
  (writer, value) => writer.int8(value ? 1 : 0),
);
export const int8 = fixed<number>(
  1,
  0,
  (reader) => reader.int8(),
  (writer, value) => writer.int8(value),
);
export const int16 = fixed<number>(
  2,
  0,
  (reader) => reader.int16(),
  (writer, value) => writer.int16(value),
);
export const int32 = fixed<number>(
  4,
  0,
  (reader) => reader.int32(),
  (writer, value) => writer.int32(value),
);
/** Exact up to 2^53; what is beyond is as near as a number comes. */
export const int64 = fixed<number>(
  8,
  0,
  (reader) => reader.int64(),
  (writer, value) => writer.int64(value),
);
export const uuid = fixed<Uuid>(
  16,
  NO_UUID,
  (reader) => reader.uuid(),
  (writer, value) => writer.uuid(value),
);

export const string = primitive<string>({
  minBytes: (flexible) => (flexible ? 1 : 2),
  zero: '',
  read: (reader, flexible) => reader.text(reader.length(flexible ? 'compact' : 'short')),
  readNullable(reader, flexible) {
    const length = reader.nullableLength(flexible ? 'compact' : 'short');
    return length < 0 ? null : reader.text(length);
  },
  write: (writer, value: string, flexible) => writer.text(value, flexible ? 'compact' : 'short'),
  writeNullable(writer, value: string | null, flexible) {
    if (value === null) writer.putLength(-1, flexible ? 'compact' : 'short');
    else writer.text(value, flexible ? 'compact' : 'short');
  },
});

export const bytes = primitive<Buffer>({
  minBytes: (flexible) => (flexible ? 1 : 4),
  zero: Buffer.alloc(0),
  read: (reader, flexible) => reader.bytes(reader.length(flexible ? 'compact' : 'long')),
  readNullable(reader, flexible) {
    const length = reader.nullableLength(flexible ? 'compact' : 'long');
    return length < 0 ? null : reader.bytes(length);
  },
  write: (writer, value: Buffer, flexible) => writer.bytes(value, flexible ? 'compact' : 'long'),
  writeNullable(writer, value: Buffer | null, flexible) {
    if (value === null) writer.putLength(-1, flexible ? 'compact' : 'long');
    else writer.bytes(value, flexible ? 'compact' : 'long');
  },
});

/** Record batches, which are neither copied nor looked into here. */
export const records = primitive<Buffer, Records>({
  ...bytes.type,
  write: (writer, value: Records, flexible) => writer.records(value, flexible ? 'compact' : 'long'),
  writeNullable(writer, value: Records | null, flexible) {
    if (value === null) writer.putLength(-1, flexible ? 'compact' : 'long');
    else writer.records(value, flexible ? 'compact' : 'long');
  },
});

/** A list of primitive values. */
export const listOf = <const V extends Versions, T, const O extends Options<T[]> = Record<never, never>>(
  versions: V,
  element: Primitive<T, T>,
  options?: O,
): Field<OrNull<T[], O>, OrNull<readonly T[], O>, IsOptional<V, O>> =>
  field(versions, options, { type: element.type }, true, []) as never;

/** A list of structs. */
export const arrayOf = <
  const V extends Versions,
  S extends Fields,
  const O extends Options<Read<S>[]> = Record<never, never>,
>(
  versions: V,
  fields: S,
  options?: O,
): Field<OrNull<Read<S>[], O>, OrNull<readonly Written<S>[], O>, IsOptional<V, O>> =>
  field(versions, options, { fields }, true, []) as never;

export const struct = <
  const V extends Versions,
  S extends Fields,
  const O extends Options<Read<S>> = Record<never, never>,
>(
  versions: V,
  fields: S,
  options?: O,
): Field<OrNull<Read<S>, O>, OrNull<Written<S>, O>, IsOptional<V, O>> =>
  field(versions, options, { fields }, false, undefined) as never;
