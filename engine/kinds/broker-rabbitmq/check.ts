import type { DocumentError } from '../../model/definition.ts';
import { nearest } from '../../model/nearest.ts';

interface Checked {
  server: 'embedded' | 'rabbitmq-server';
  url?: string | undefined;
  queues: readonly {
    name: string;
    type: 'classic' | 'quorum';
    durable: boolean;
    maxPriority: number | null;
    deadLetter: string | null;
  }[];
  exchanges: readonly { name: string }[];
  bindings: readonly { exchange: string; to: string }[];
}

/** Settings that contradict each other, names that are given twice, and names that nobody has. */
export const checkRabbitBroker = (config: Checked): DocumentError[] => [
  ...checkServer(config),
  ...checkNames(config),
  ...config.queues.flatMap((queue, index) => checkQueue(queue, `queues[${index}]`, config)),
  ...config.bindings.flatMap(({ exchange, to }, index) => [
    ...known(exchange, `bindings[${index}].exchange`, 'exchange', config.exchanges),
    ...known(to, `bindings[${index}].to`, 'queue or exchange', [...config.queues, ...config.exchanges]),
  ]),
];

function checkServer({ url, server }: Checked): DocumentError[] {
  if (url === undefined || server === 'embedded') return [];
  return [
    {
      path: 'server',
      message: 'with a URL the broker is your own server, and Archipel starts none',
      nextStep: 'Set it to "embedded", or remove the URL.',
    },
  ];
}

/** A step says only the name. */
function checkNames(config: Checked): DocumentError[] {
  const first = new Map<string, string>();
  return (['queues', 'exchanges'] as const).flatMap((field) =>
    config[field].flatMap(({ name }, index): DocumentError[] => {
      const path = `${field}[${index}].name`;
      const taken = first.get(name);
      if (taken === undefined) first.set(name, path);
      return taken === undefined
        ? []
        : [{ path, message: `"${name}" is the name of ${taken} already`, nextStep: 'Give it another name.' }];
    }),
  );
}

function checkQueue(queue: Checked['queues'][number], at: string, { queues }: Checked): DocumentError[] {
  const { name, type, durable, maxPriority, deadLetter } = queue;
  const errors: DocumentError[] = [];
  if (type === 'quorum' && !durable)
    errors.push({ path: `${at}.durable`, message: 'a quorum queue is durable', nextStep: 'Set it, or use "classic".' });
  if (type === 'quorum' && maxPriority !== null)
    errors.push({
      path: `${at}.maxPriority`,
      message: 'a quorum queue has no priorities',
      nextStep: 'Leave it empty, or use "classic".',
    });
  if (deadLetter === name)
    errors.push({
      path: `${at}.deadLetter`,
      message: 'dead letters would come back as new messages',
      nextStep: 'Name another queue, or leave it empty.',
    });
  else if (deadLetter !== null) errors.push(...known(deadLetter, `${at}.deadLetter`, 'queue', queues));
  return errors;
}

function known(name: string, path: string, what: string, all: readonly { name: string }[]): DocumentError[] {
  const names = all.map((each) => each.name);
  if (names.includes(name)) return [];
  const meant = nearest(name, names);
  const have = names.length > 0 ? `There are: ${names.join(', ')}.` : 'Declare it first.';
  return [
    {
      path,
      message: `there is no ${what} "${name}"`,
      nextStep: meant ? `Did you mean "${meant}"? ${have}` : have,
    },
  ];
}
