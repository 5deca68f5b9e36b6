import { JSONPathEnvironment } from 'json-p3';

const environment = new JSONPathEnvironment();

/** What a JSONPath (RFC 9535) finds in a value; throws with what is wrong with the path. Nothing of it runs as code. */
export function parseJsonPath(path: string): (value: unknown) => unknown[] {
  const query = environment.compile(path);
  return (value) => query.query(value as never).values();
}
