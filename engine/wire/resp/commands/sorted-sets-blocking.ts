import { parseTimeout } from '../blocking.ts';
import { type Command, command } from '../command.ts';
import { Double } from '../reply.ts';
import { numberedKeys, popCount } from './lists.ts';
import { parseMinMax, takeFromFirstScored, takeScored } from './sorted-sets.ts';

const FLAGS = ['write', 'noscript', 'fast', 'blocking'] as const;

const waitToPop =
  (end: 'min' | 'max'): Command['run'] =>
  (args, context) => {
    const keys = args.slice(1, -1);
    return context.server.blocking.wait(context, {
      keys,
      timeoutMs: parseTimeout(args[args.length - 1] as string),
      attempt: (now) => {
        for (const key of keys) {
          const [item] = takeScored(key, end, 1, now);
          if (item) return [key, item.member, new Double(item.score)];
        }
        return undefined;
      },
    });
  };

export const blockingSortedSetCommands: readonly Command[] = [
  command('bzpopmin', -3, FLAGS, [1, -2, 1], waitToPop('min')),
  command('bzpopmax', -3, FLAGS, [1, -2, 1], waitToPop('max')),
  command('bzmpop', -5, [...FLAGS, 'movablekeys'], [0, 0, 0], ([, timeout = '', ...words], context) => {
    const timeoutMs = parseTimeout(timeout);
    const { keys, rest } = numberedKeys(words);
    const end = parseMinMax(rest[0] as string);
    const most = popCount(rest.slice(1));
    return context.server.blocking.wait(context, {
      keys,
      timeoutMs,
      attempt: (now) => takeFromFirstScored(keys, end, most, now),
    });
  }),
];
