import { z } from 'zod';
import type { DocumentError } from '../../model/definition.ts';
import { defineKind } from '../define-kind.ts';
import { everyProcess } from '../fault-lists.ts';
import { databaseMeasures } from './measures.ts';
import { checkSeed, seedSchema } from './seed-schema.ts';

const sql = z.string().max(1_000_000).default('');

export const databaseDefinition = defineKind({
  kind: 'database',
  title: 'Database',
  help: 'A real PostgreSQL 18, started in a private directory that goes with the run; or your own server, by URL.',
  family: 'storage',
  config: z.strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S+$/, 'must be a postgres:// URL')
      .optional()
      .meta({
        title: 'URL of your own server',
        description: 'Empty: Archipel starts a PostgreSQL of its own. Faults on the process act only on that one.',
      }),
    schema: sql.meta({
      title: 'Schema',
      description:
        'SQL that makes the tables. Schema, set-up SQL and seed run once, in this order and in one transaction, before the database counts as ready. On your own server they run at every start, as they are.',
    }),
    setupSql: sql.meta({
      title: 'Set-up SQL',
      description: 'More SQL for the same transaction: tables, rows, whatever the topology needs.',
    }),
    seed: z.array(seedSchema).max(100).default([]).meta({
      title: 'Seed',
      description: 'Rows that are there from the start: SQL, or generated in the database from a random seed.',
    }),
    maxConnections: z.number().int().min(5).max(500).default(100).meta({
      title: 'Max connections',
      description:
        'Connections that each server takes from the topology; further ones are refused. Only for the PostgreSQL that Archipel starts. How many a caller opens is the setting of its edge.',
    }),
    readReplicas: z.number().int().min(0).max(8).default(0).meta({
      title: 'Read replicas',
      description:
        'Standby servers that follow the primary by streaming replication, each a process of its own. Queries with the target "replica" go to them.',
    }),
    synchronousCommit: z.boolean().default(true).meta({
      title: 'Synchronous commit',
      description:
        'On: a commit is told when it is on disk. Off: it is told before, so that a kill may lose the last half second of what callers were told is committed.',
    }),
    fsync: z.boolean().default(true).meta({
      title: 'fsync',
      description:
        'Off: writes are left to the operating system. What was committed survives a kill of the process, but no crash or power loss of this computer.',
    }),
  }),
  defaults: {},
  accepts: 'postgres',
  calls: [],
  applyConfig: 'restart',
  replicaCount: { field: 'readReplicas', besides: 1 },
  replicaTitle: (replica) => (replica === 0 ? 'Primary (replica 0)' : `Read replica ${replica}`),
  program: ({ url }) => (url === undefined ? 'foreign' : 'remote'),
  faults: [
    ...everyProcess,
    'slow-query',
    'lock',
    'deadlock',
    'replica-lag',
    'failover',
    'read-only',
    'write-error',
    'pool-exhaustion',
  ],
  measures: databaseMeasures,
  fidelity: {
    real: [
      'PostgreSQL, its processes, files, protocol, locks and connections',
      'streaming replication, over the loopback and not through a link',
    ],
    modelled: [
      'the time of slow-query is slept or burnt inside PostgreSQL, not caused by disk or data',
      'the errors of write-error are raised by a trigger inside PostgreSQL, not by a disk',
    ],
  },
  check({ config }) {
    const errors: DocumentError[] = [];
    if (config.url !== undefined && config.readReplicas > 0)
      errors.push({
        path: 'readReplicas',
        message: 'your own server, given by its URL, gets no read replicas from Archipel',
        nextStep: 'Set it to 0, or remove the URL.',
      });
    return [...errors, ...checkSeed(config.seed)];
  },
});
