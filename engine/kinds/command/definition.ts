import { z } from 'zod';
import type { DocumentError } from '../../model/definition.ts';
import { protocolSchema } from '../../model/edge.ts';
import { defineKind } from '../define-kind.ts';
import { everyProcess } from '../fault-lists.ts';
import { replicasField } from '../replicas.ts';

/** In place of a program: the Node that runs Archipel's own processes. */
export const OWN_NODE = 'archipel-node';

const greeter = [
  "const { createServer } = require('node:http');",
  "createServer((request, response) => response.end('Hello from a process of your own\\n'))",
  "  .listen(Number(process.env.PORT), '127.0.0.1');",
].join('\n');

export const commandDefinition = defineKind({
  kind: 'command',
  title: 'Command',
  help: 'A program of your own in any language. It serves HTTP on the port in PORT, and finds what it calls in its environment.',
  family: 'compute',
  config: z.strictObject({
    replicas: replicasField,
    command: z.string().trim().min(1, 'must name a program').max(1000).meta({
      title: 'Program',
      description:
        'A name that is looked for on the PATH, or a path relative to the document. "archipel-node" is the Node that Archipel itself uses. No shell.',
    }),
    alternatives: z.array(z.string().trim().min(1).max(1000)).max(8).default([]).meta({
      title: 'Else',
      description:
        'Programs that are tried in this order where that one is not found, such as "python" and "py" for "python3" on Windows.',
    }),
    arguments: z.array(z.string().max(20_000)).max(200).default([]).meta({
      title: 'Arguments',
      description: 'Each reaches the program as it is written. "{PORT}" stands for the port.',
    }),
    workingDirectory: z.string().trim().max(1000).default('').meta({
      title: 'Working directory',
      description: 'Relative to the document. Empty: where the document is.',
    }),
    environment: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of letters, digits and "_"'), z.string())
      .default({})
      .meta({
        title: 'Environment',
        description: 'Variables, in addition to those of Archipel, to PORT and to the addresses of the edges.',
      }),
    healthPath: z
      .string()
      .regex(/^\/[^\s#]*$/, 'must start with "/" and hold no space or "#"')
      .default('/')
      .meta({
        title: 'Health path',
        description: 'Asked with GET. A status below 400 within a second means that it is well.',
      }),
    readyWithinMs: z.number().int().min(100).max(600_000).default(10_000).meta({
      title: 'Ready within',
      description: 'If it does not answer its health path by then, it has not started.',
    }),
    stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP']).default('SIGTERM').meta({
      title: 'Stop signal',
      description: 'Asks it to end. On Windows there are no such signals, and it is ended at once.',
    }),
    stopWithinMs: z.number().int().min(0).max(60_000).default(5000).meta({
      title: 'Stop within',
      description: 'If it still runs by then, it is killed, with all that it has started.',
    }),
  }),
  defaults: { command: OWN_NODE, arguments: ['-e', greeter] },
  accepts: 'http',
  healthPath: ({ healthPath }) => healthPath,
  calls: protocolSchema.options,
  applyConfig: 'restart',
  program: () => 'foreign',
  faults: everyProcess,
  failsAlone: true,
  fidelity: {
    real: ['your program, its process and its connections', 'CPU and memory, with those of its children'],
    modelled: [],
  },
  code: ({ command, alternatives, arguments: args, workingDirectory, environment }) => [
    {
      path: 'command',
      text: [
        [command, ...args].map(quoted).join(' '),
        ...(alternatives.length > 0 ? [`or, where there is no such program: ${alternatives.join(', ')}`] : []),
        `in ${workingDirectory || 'the directory of the document'}`,
        ...Object.entries(environment).map(([name, value]) => `with ${name}=${value}`),
      ].join('\n'),
    },
  ],
  check({ config }) {
    return Object.keys(config.environment).flatMap((name): DocumentError[] =>
      /^(PORT|ARCHIPEL_.*)$/i.test(name)
        ? [
            {
              path: `environment.${name}`,
              message: `the variable ${name} is set by Archipel`,
              nextStep: 'Give it another name, and let the program read that one.',
            },
          ]
        : [],
    );
  },
});

const quoted = (part: string): string => (/^[\w@%+=:,./-]+$/.test(part) ? part : JSON.stringify(part));
