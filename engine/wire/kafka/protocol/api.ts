import { type Codec, codecs } from './codec.ts';
import type { Fields, Read, Written } from './fields.ts';
import { includes, parseVersions, type Range } from './versions.ts';

/** A request and its answer. */
export interface Api<Request extends Fields = Fields, Response extends Fields = Fields> {
  readonly name: string;
  readonly key: number;
  readonly versions: Range;
  isFlexible(version: number): boolean;
  request(version: number): Codec<Request>;
  response(version: number): Codec<Response>;
  readonly tables: { request: Request; response: Response; flexible: string | undefined };
}

export type RequestOf<A> = A extends Api<infer R, infer _> ? Read<R> : never;
export type ResponseOf<A> = A extends Api<infer _, infer R> ? Written<R> : never;

/** Makes an API from its table. `flexible`: from which version on lengths are compact and tags follow. */
export function api<Request extends Fields, Response extends Fields>(table: {
  name: string;
  key: number;
  versions: string;
  flexible?: string;
  request: Request;
  response: Response;
}): Api<Request, Response> {
  const { name, key, flexible } = table;
  const range = flexible === undefined ? null : parseVersions(flexible);
  return {
    name,
    key,
    versions: parseVersions(table.versions),
    isFlexible: (version) => range !== null && includes(range, version),
    request: codecs(table.request, flexible),
    response: codecs(table.response, flexible),
    tables: { request: table.request, response: table.response, flexible },
  };
}
