import { type Command, command, container } from '../command.ts';
import { RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { OK } from '../reply.ts';
import { afterKeyCount } from './key-count.ts';

const FLAGS = ['noscript', 'movablekeys'] as const;
const NOWHERE = [0, 0, 0] as const;

/** EVAL and its like: by the text of a script or by its SHA1. */
const evaluate =
  (by: 'text' | 'sha', readOnly: boolean): Command['run'] =>
  (args, context) => {
    const [, script = '', count = ''] = args;
    const { keys, rest } = afterKeyCount(args, parseInteger(count));
    const { scripts } = context.server;
    const found = by === 'text' ? scripts.load(script) : scripts.find(script);
    if (!found) throw new RespError('NOSCRIPT No matching script. Please use EVAL.');
    return scripts.run(found, keys, rest, context, readOnly);
  };

export const scriptCommands: readonly Command[] = [
  command('eval', -3, FLAGS, NOWHERE, evaluate('text', false)),
  command('evalsha', -3, FLAGS, NOWHERE, evaluate('sha', false)),
  command('eval_ro', -3, [...FLAGS, 'readonly'], NOWHERE, evaluate('text', true)),
  command('evalsha_ro', -3, [...FLAGS, 'readonly'], NOWHERE, evaluate('sha', true)),
  container('script', ['noscript'], {
    load: { arity: 3, run: ([, , source = ''], { server }) => server.scripts.load(source).sha },
    exists: {
      arity: -3,
      run: ([, , ...shas], { server }) => shas.map((sha) => (server.scripts.find(sha) ? 1 : 0)),
    },
    flush: {
      arity: -2,
      run([, , mode, ...more], { server }) {
        if (more.length > 0 || (mode !== undefined && !['async', 'sync'].includes(mode.toLowerCase())))
          throw new RespError('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
        server.scripts.clear();
        return OK;
      },
    },
    kill: {
      arity: 2,
      run() {
        throw new RespError('NOTBUSY No scripts in execution right now.');
      },
    },
    debug: {
      arity: 3,
      run([, , mode = '']) {
        if (mode.toLowerCase() !== 'no') throw syntaxError();
        return OK;
      },
    },
  }),
];
