import { ArchipelError } from '../../model/error.ts';

/** What PostgreSQL writes, and what a person can do about it. */
const causes: readonly { says: RegExp; next: string }[] = [
  {
    says: /Address already in use|could not create any TCP\/IP sockets/,
    next: 'Another program has taken the port: end that one, or stop the topology and start it again, which takes another port.',
  },
  {
    says: /No space left on device|disk full/i,
    next: 'Free some space in the temporary directory, or set TMPDIR to a larger one.',
  },
  {
    says: /shmget|semget|shared memory segment/,
    next: 'The operating system has no shared memory left: end other PostgreSQL servers, then try again.',
  },
  {
    says: /administrative permissions/,
    next: 'Start Archipel without "Run as administrator": PostgreSQL refuses such rights.',
  },
  {
    says: /error while loading shared libraries|GLIBC|dyld/,
    next: 'The bundled PostgreSQL does not fit this system: give the node the URL of a PostgreSQL of your own.',
  },
  {
    says: /Permission denied/i,
    next: 'Check that the temporary directory can be entered by other users, or set TMPDIR to one that can.',
  },
];

const otherwise = 'Look at the log of the node, or give it the URL of a PostgreSQL of your own.';

/** PostgreSQL's own last words as an error for a person. */
export function explainPostgres(what: string, lines: readonly string[], cause?: unknown): ArchipelError {
  const words = lines.slice(-8).join('\n');
  const next = causes.find(({ says }) => says.test(words))?.next ?? otherwise;
  return new ArchipelError('database-unavailable', words ? `${what}:\n${words}` : what, next, { cause });
}
