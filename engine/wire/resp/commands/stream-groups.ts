import { type Command, type CommandContext, command, container, ONE_KEY, SHRINK_FAST } from '../command.ts';
import type { Entry } from '../entry.ts';
import { RespError, syntaxError } from '../errors.ts';
import { parseInteger } from '../numbers.ts';
import { OK } from '../reply.ts';
import { Group, StreamValue } from '../values/stream.ts';
import { MIN_ID, parseId, type StreamId } from '../values/stream-id.ts';

const noKey = (): RespError =>
  new RespError(
    'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
  );

function groupOf(key: string, name: string, { database }: CommandContext): { entry: Entry<StreamValue>; group: Group } {
  const entry = database.editAs(key, StreamValue);
  if (!entry) throw noKey();
  const group = entry.value.groups.get(name);
  if (!group) throw new RespError(`NOGROUP No such consumer group '${name}' for key name '${key}'`);
  return { entry, group };
}

const startOf = (text: string, stream: StreamValue): StreamId => (text === '$' ? stream.lastId : parseId(text));

function parseCreation(
  words: readonly string[],
  withStream: boolean,
): { makeStream: boolean; entriesRead: number | null } {
  const options = { makeStream: false, entriesRead: null as number | null };
  for (let i = 0; i < words.length; i += 1) {
    const word = (words[i] as string).toLowerCase();
    if (word === 'mkstream' && withStream) options.makeStream = true;
    else if (word === 'entriesread' && words[i + 1] !== undefined) {
      i += 1;
      const read = parseInteger(words[i] as string);
      if (read < -1) throw new RespError('ERR value for ENTRIESREAD must be positive or -1');
      options.entriesRead = read === -1 ? null : read;
    } else throw syntaxError();
  }
  return options;
}

function touched({ server, database }: CommandContext, entry: Entry<StreamValue>, event: string): void {
  database.changed(entry);
  server.notifier.notify('t', event, entry.key, database.index);
}

export const streamGroupCommands: readonly Command[] = [
  container(
    'xgroup',
    ['write', 'denyoom'],
    {
      create: {
        arity: -5,
        run([, , key = '', name = '', start = '', ...words], context) {
          const { makeStream, entriesRead } = parseCreation(words, true);
          const known = context.database.editAs(key, StreamValue);
          if (!known && !makeStream) throw noKey();
          const id = known ? startOf(start, known.value) : start === '$' ? MIN_ID : parseId(start);
          if (known?.value.groups.has(name)) throw new RespError('BUSYGROUP Consumer Group name already exists');
          const entry = known ?? context.database.ensure(key, StreamValue);
          entry.value.groups.set(name, new Group(name, id, entriesRead));
          touched(context, entry, 'xgroup-create');
          return OK;
        },
      },
      setid: {
        arity: -5,
        run([, , key = '', name = '', start = '', ...words], context) {
          const { entriesRead } = parseCreation(words, false);
          const { entry, group } = groupOf(key, name, context);
          group.lastId = startOf(start, entry.value);
          group.entriesRead = entriesRead;
          touched(context, entry, 'xgroup-setid');
          return OK;
        },
      },
      destroy: {
        arity: 4,
        run([, , key = '', name = ''], context) {
          const entry = context.database.editAs(key, StreamValue);
          if (!entry) throw noKey();
          if (!entry.value.groups.delete(name)) return 0;
          touched(context, entry, 'xgroup-destroy');
          return 1;
        },
      },
      createconsumer: {
        arity: 5,
        run([, , key = '', name = '', consumer = ''], context) {
          const { entry, group } = groupOf(key, name, context);
          if (!group.consumer(consumer, context.server.keyspace.clock()).isNew) return 0;
          touched(context, entry, 'xgroup-createconsumer');
          return 1;
        },
      },
      delconsumer: {
        arity: 5,
        run([, , key = '', name = '', consumerName = ''], context) {
          const { entry, group } = groupOf(key, name, context);
          const consumer = group.consumers.get(consumerName);
          if (!consumer) return 0;
          const left = group.pending.slice(0, group.pending.size).filter((pending) => pending.consumer === consumer);
          for (const { id } of left) group.acknowledge(id);
          group.consumers.delete(consumerName);
          touched(context, entry, 'xgroup-delconsumer');
          return left.length;
        },
      },
    },
    [2, 2, 1],
  ),
  command('xack', -4, SHRINK_FAST, ONE_KEY, ([, key = '', name = '', ...texts], { database }) => {
    const ids = texts.map((text) => parseId(text));
    const entry = database.editAs(key, StreamValue);
    const group = entry?.value.groups.get(name);
    const acknowledged = group ? ids.filter((id) => group.acknowledge(id)).length : 0;
    if (entry && acknowledged > 0) database.changed(entry);
    return acknowledged;
  }),
];
