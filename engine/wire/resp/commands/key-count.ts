import { RespError } from '../errors.ts';

/** What follows the count of keys of a command such as `EVAL script 2 key key arg`: so many keys, and the arguments. */
export function afterKeyCount(args: readonly string[], keys: number): { keys: string[]; rest: string[] } {
  if (keys < 0) throw new RespError("ERR Number of keys can't be negative");
  if (keys > args.length - 3) throw new RespError("ERR Number of keys can't be greater than number of args");
  return { keys: args.slice(3, 3 + keys), rest: args.slice(3 + keys) };
}
