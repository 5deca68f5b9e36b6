import { parseTimeout } from '../blocking.ts';
import { type Command, command, TWO_KEYS } from '../command.ts';
import { ListValue } from '../values/list.ts';
import { type End, move, numberedKeys, parseEnd, popCount, take, takeFromFirst } from './lists.ts';

const FLAGS = ['write', 'noscript', 'blocking'] as const;
const BUT_TIMEOUT = [1, -2, 1] as const;

/** Takes from the first of the lists that has something; waits for one. */
const waitToPop =
  (end: End): Command['run'] =>
  (args, context) => {
    const keys = args.slice(1, -1);
    const timeoutMs = parseTimeout(args[args.length - 1] as string);
    return context.server.blocking.wait(context, {
      keys,
      timeoutMs,
      attempt: (now) => {
        for (const key of keys) {
          if (!now.database.editAs(key, ListValue)) continue;
          now.logged = [[end === 'left' ? 'LPOP' : 'RPOP', key]];
          return [key, take(key, end, 1, now)?.[0] as string];
        }
        return undefined;
      },
    });
  };

const waitToMove =
  (endsOf: (words: readonly string[]) => [End, End]): Command['run'] =>
  (args, context) => {
    const [, from = '', to = '', ...words] = args;
    const ends = endsOf(words);
    const timeoutMs = parseTimeout(args[args.length - 1] as string);
    return context.server.blocking.wait(context, {
      keys: [from],
      timeoutMs,
      otherwise: null,
      attempt: (now) => {
        const text = move(from, to, ends, now);
        if (text !== undefined) now.logged = [['LMOVE', from, to, ...ends]];
        return text;
      },
    });
  };

export const blockingListCommands: readonly Command[] = [
  command('blpop', -3, FLAGS, BUT_TIMEOUT, waitToPop('left')),
  command('brpop', -3, FLAGS, BUT_TIMEOUT, waitToPop('right')),
  command(
    'brpoplpush',
    4,
    [...FLAGS, 'denyoom'],
    TWO_KEYS,
    waitToMove(() => ['right', 'left']),
  ),
  command(
    'blmove',
    6,
    [...FLAGS, 'denyoom'],
    TWO_KEYS,
    waitToMove(([from = '', to = '']) => [parseEnd(from), parseEnd(to)]),
  ),
  command('blmpop', -5, [...FLAGS, 'movablekeys'], [0, 0, 0], ([, timeout = '', ...words], context) => {
    const timeoutMs = parseTimeout(timeout);
    const { keys, rest } = numberedKeys(words);
    const end = parseEnd(rest[0] as string);
    const count = popCount(rest.slice(1));
    return context.server.blocking.wait(context, {
      keys,
      timeoutMs,
      attempt: (now) => takeFromFirst(keys, end, count, now),
    });
  }),
];
