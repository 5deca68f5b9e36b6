/** Methods whose requests carry a body. */
export const methodsWithBody: readonly string[] = ['POST', 'PUT', 'PATCH'];

/** Names of the ":name" segments of a path, in order. */
export const parametersIn = (path: string): string[] =>
  path
    .split('/')
    .filter((segment) => segment.startsWith(':'))
    .map((segment) => segment.slice(1));
