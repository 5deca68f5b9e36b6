import { MalformedError } from '../bytes/malformed.ts';
import { Reader } from '../bytes/reader.ts';
import { AmqpError, commandInvalid, NO_METHOD } from '../protocol/errors.ts';
import { type FieldTable, lookUp, readTable } from '../protocol/field-table.ts';

/** Passwords by the names of users. */
export type Users = Readonly<Record<string, string>>;

export const MECHANISMS = 'PLAIN AMQPLAIN';

interface Credentials {
  user: string;
  password: string;
}

/** The name of the user who logs in. Throws what RabbitMQ says when nobody does. */
export function authenticate(users: Users, mechanism: string, response: string): string {
  if (!MECHANISMS.split(' ').includes(mechanism))
    throw commandInvalid(`unknown authentication mechanism '${mechanism}'`);
  const credentials = mechanism === 'PLAIN' ? plain(response) : amqplain(response);
  if (credentials) {
    const known = Object.hasOwn(users, credentials.user) ? users[credentials.user] : undefined;
    if (known !== undefined && known === credentials.password) return credentials.user;
  }
  throw new AmqpError(
    'ACCESS_REFUSED',
    `Login was refused using authentication mechanism ${mechanism}. For details see the broker logfile.`,
    NO_METHOD,
  );
}

const plain = (response: string): Credentials | null => {
  const [first, user, password, ...rest] = response.split('\0');
  if (first !== '' || user === undefined || password === undefined || rest.length > 0) return null;
  return { user, password };
};

/** A table without its length. */
const amqplain = (response: string): Credentials | null => {
  const bytes = Buffer.alloc(4 + response.length);
  bytes.writeUInt32BE(response.length);
  bytes.write(response, 4, 'latin1');
  let table: FieldTable;
  try {
    table = readTable(new Reader(bytes, 0, bytes.length));
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
  const user = lookUp(table, 'LOGIN')?.value;
  const password = lookUp(table, 'PASSWORD')?.value;
  return typeof user === 'string' && typeof password === 'string' ? { user, password } : null;
};
