import type { DocumentError, KindCheckContext } from '../../model/definition.ts';
import type { EventSource } from '../../model/event-source.ts';
import { checkSubscription } from '../consumer-check.ts';
import { checkModule } from '../module-check.ts';

interface Checked {
  source: string;
  file: string;
  reservedConcurrency: number;
  provisionedConcurrency: number;
  asynchronous: { deadLetterEdge: string | null };
  environment: Record<string, string>;
  eventSources: readonly EventSource[];
}

/** Variables that the platform sets. */
const RESERVED = /^(AWS_.*|LAMBDA_.*|_HANDLER|_X_AMZN_TRACE_ID|ARCHIPEL_.*|PATH|TZ|LANG)$/i;

/** What the schema cannot say, of the code too, of which nothing is run. */
export const checkLambda = ({ config }: { config: Checked }, context: KindCheckContext): DocumentError[] => [
  ...checkCode(config),
  ...checkDeadLetters(config.asynchronous, context),
  ...checkEventSources(config.eventSources, context),
  ...(config.provisionedConcurrency > config.reservedConcurrency
    ? [
        {
          path: 'provisionedConcurrency',
          message: `${config.provisionedConcurrency} environments cannot be provisioned within a reserved concurrency of ${config.reservedConcurrency}`,
          nextStep: 'Provision fewer, or reserve more.',
        },
      ]
    : []),
  ...Object.keys(config.environment)
    .filter((name) => RESERVED.test(name))
    .map((name) => ({
      path: `environment.${name}`,
      message: `the variable ${name} is set by the platform`,
      nextStep: 'Give it another name, and let the handler read that one.',
    })),
];

const checkEventSources = (sources: readonly EventSource[], context: KindCheckContext): DocumentError[] =>
  sources.flatMap((source, index) => {
    const at = `eventSources[${index}]`;
    const broker = context.deliveries.find(({ edge }) => edge.id === source.edge);
    return [
      ...checkSubscription(source, sources.slice(0, index), at, context),
      ...(source.reportBatchItemFailures && broker && broker.protocol !== 'redis-messages'
        ? [
            {
              path: `${at}.reportBatchItemFailures`,
              message: 'only messages of Redis can fail one by one',
              nextStep: 'Switch it off: a failed event is all of its messages.',
            },
          ]
        : []),
    ];
  });

function checkCode({ source, file }: Checked): DocumentError[] {
  if (file !== '' && source !== '')
    return [
      {
        path: 'file',
        message: 'there is both code and a file',
        nextStep: 'Empty the one that is not to run.',
      },
    ];
  if (file !== '') return [];
  if (source.trim() === '')
    return [{ path: 'source', message: 'there is no code', nextStep: 'Write a handler, or name a file.' }];
  return checkModule(source, 'source');
}

function checkDeadLetters(
  { deadLetterEdge }: Checked['asynchronous'],
  { node, outgoing }: KindCheckContext,
): DocumentError[] {
  if (deadLetterEdge === null) return [];
  const found = outgoing.find(({ edge }) => edge.id === deadLetterEdge);
  if (found?.protocol === 'http') return [];
  const usable = outgoing.filter(({ protocol }) => protocol === 'http').map(({ edge }) => `"${edge.id}"`);
  return [
    {
      path: 'asynchronous.deadLetterEdge',
      message: found
        ? `edge "${deadLetterEdge}" does not carry http`
        : `no edge "${deadLetterEdge}" leaves node "${node.id}"`,
      nextStep:
        usable.length > 0 ? `Use one of ${usable.join(', ')}.` : `Connect "${node.id}" to a node that accepts http.`,
    },
  ];
}
