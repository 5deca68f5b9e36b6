import { MalformedError } from '../bytes/malformed.ts';
import { MalformedUtf8Error, type Reader } from '../bytes/reader.ts';
import { FRAME_METHOD } from './constants.ts';
import { binaryText, frameError, NO_METHOD } from './errors.ts';
import { encodeTable, type FieldTable, readTable } from './field-table.ts';
import { methodTable } from './method-table.ts';
import type { Output } from './output.ts';

interface Domains {
  octet: number;
  short: number;
  long: number;
  longlong: number;
  bit: boolean;
  name: string;
  text: string;
  longstr: string;
  table: FieldTable;
}

type Argument<Spec> = Spec extends `${infer Name}:${infer Domain extends keyof Domains}`
  ? { [Key in Name]: Domains[Domain] }
  : unknown;
type ArgumentsOf<Spec> = Spec extends `${infer First} ${infer Rest}`
  ? Argument<First> & ArgumentsOf<Rest>
  : Argument<Spec>;

export type MethodName = keyof typeof methodTable;
/** The arguments of a method; what is reserved counts as nothing. */
export type MethodArguments<Name extends MethodName> = Omit<
  ArgumentsOf<(typeof methodTable)[Name][2]>,
  'reserved1' | 'reserved2'
>;

export interface Method {
  readonly name: MethodName;
  readonly classId: number;
  readonly methodId: number;
  readonly args: readonly { readonly name: string; readonly domain: keyof Domains; readonly isReserved: boolean }[];
}

const methods = new Map<number, Method>();
const byName = {} as Record<MethodName, Method>;
for (const [name, [classId, methodId, spec]] of Object.entries(methodTable)) {
  const args = spec
    .split(' ')
    .filter(Boolean)
    .map((each) => {
      const [arg = '', domain] = each.split(':');
      return { name: arg, domain: domain as keyof Domains, isReserved: arg.startsWith('reserved') };
    });
  const method = { name: name as MethodName, classId, methodId, args };
  methods.set(classId * 65_536 + methodId, method);
  byName[name as MethodName] = method;
}

export const methodOf = (name: MethodName): Method => byName[name];

/** The method that a frame names, or undefined; what follows in the reader are its arguments. */
export const readMethod = (reader: Reader): Method | undefined => methods.get(reader.long());

type AnyArguments = Record<string, number | string | boolean | FieldTable>;

/** Throws the error that RabbitMQ has for bytes that are not these arguments. */
export function readArguments<Name extends MethodName>(method: Method, reader: Reader): MethodArguments<Name> {
  const start = reader.at;
  const args: AnyArguments = {};
  let bits = 0;
  let bitsRead = 0;
  try {
    for (const { name, domain, isReserved } of method.args) {
      if (domain !== 'bit') {
        bitsRead = 0;
        const value = readers[domain](reader);
        if (!isReserved) args[name] = value;
        continue;
      }
      if (bitsRead % 8 === 0) bits = reader.octet();
      if (!isReserved) args[name] = (bits & (1 << (bitsRead % 8))) !== 0;
      bitsRead += 1;
    }
    if (!reader.isAtEnd) throw new MalformedError('bytes are left over');
  } catch (error) {
    if (error instanceof MalformedUtf8Error) throw frameError(error.message, NO_METHOD);
    if (!(error instanceof MalformedError)) throw error;
    throw frameError(`cannot decode ${binaryText(reader.buffer.subarray(start, Math.min(reader.end, start + 300)))}`);
  }
  return args as MethodArguments<Name>;
}

const readers: Record<Exclude<keyof Domains, 'bit'>, (reader: Reader) => number | string | FieldTable> = {
  octet: (reader) => reader.octet(),
  short: (reader) => reader.short(),
  long: (reader) => reader.long(),
  longlong: (reader) => reader.longlong(),
  name: (reader) => reader.shortstr(),
  text: (reader) => reader.text(),
  longstr: (reader) => reader.longstr(),
  table: (reader) => readTable(reader),
};

const MAX_SHORTSTR_BYTES = 256;
const FIXED_BYTES = 8;

/** Writes a method as a frame. What is reserved is zero or empty. */
export function writeMethod<Name extends MethodName>(
  output: Output,
  channel: number,
  name: Name,
  args: MethodArguments<Name>,
): void {
  const method = byName[name];
  const given = args as AnyArguments;
  let bytes = 4;
  const tables: string[] = [];
  for (const arg of method.args) {
    if (arg.domain === 'table') tables.push(encodeTable(given[arg.name] as FieldTable));
    if (arg.domain === 'longstr' && !arg.isReserved) bytes += (given[arg.name] as string).length;
    bytes += arg.domain === 'text' || arg.domain === 'name' ? MAX_SHORTSTR_BYTES : FIXED_BYTES;
  }
  for (const table of tables) bytes += table.length;
  const start = output.begin(FRAME_METHOD, channel, bytes);
  output.short(method.classId);
  output.short(method.methodId);
  let bits = 0;
  let bitsTaken = 0;
  const writeBits = (): void => {
    if (bitsTaken > 0) output.octet(bits);
    bits = 0;
    bitsTaken = 0;
  };
  for (const { name: arg, domain, isReserved } of method.args) {
    const value = isReserved ? undefined : given[arg];
    if (domain === 'bit') {
      if (value) bits |= 1 << bitsTaken;
      bitsTaken += 1;
      continue;
    }
    writeBits();
    if (domain === 'octet') output.octet((value as number) ?? 0);
    else if (domain === 'short') output.short((value as number) ?? 0);
    else if (domain === 'long') output.long((value as number) ?? 0);
    else if (domain === 'longlong') output.longlong((value as number) ?? 0);
    else if (domain === 'longstr') output.longstr((value as string) ?? '');
    else if (domain === 'table') output.latin1(tables.shift() as string);
    else output.shortstr((value as string) ?? '');
  }
  writeBits();
  output.end(start);
}
