import type { Span } from './tracing-span.ts';

/** What goes along with one request through a process, from its arrival to its answer. */
export interface RequestContext {
  /** Values of the route's ":name" segments and of the query string, for templates such as `/users/{id}`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** When nobody waits for the answer any more, on the clock of `performance.now()`. Infinity when no caller has said. */
  readonly deadlineMs: number;
  /** Of the request; what is done for it are its children. Undefined where nothing is traced. */
  readonly span?: Span | undefined;
  /** The request itself, for steps that look at it. Its body is read only for routes with such a step. */
  readonly incoming?: {
    method: string;
    path: string;
    /** As the document has it, e.g. `/users/:id`. */
    route: string;
    headers: Record<string, string | string[] | undefined>;
    body: string;
  };
}

/** Puts parameters in the place of `{name}`. One that the request does not have becomes empty. */
export const fillTemplate = (template: string, { parameters }: RequestContext, encode = (value: string) => value) =>
  template.includes('{')
    ? template.replace(/\{([A-Za-z0-9_-]+)\}/g, (_, name: string) => encode(parameters[name] ?? ''))
    : template;
