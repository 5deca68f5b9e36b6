import { z } from 'zod';
import { defineKind } from '../define-kind.ts';

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
    setupSql: z.string().max(1_000_000).default('').meta({
      title: 'Set-up SQL',
      description:
        'Runs once, in one transaction, before the database counts as ready: tables and seed rows. On your own server it runs as it is, at every start.',
    }),
    maxConnections: z.number().int().min(5).max(500).default(100).meta({
      title: 'Max connections',
      description: "PostgreSQL's max_connections. Only for the PostgreSQL that Archipel starts.",
    }),
  }),
  defaults: {},
  accepts: 'postgres',
  calls: [],
  applyConfig: 'restart',
  faults: ['kill', 'pause'],
  fidelity: { real: ['PostgreSQL, its processes, files and protocol'], modelled: [] },
});
