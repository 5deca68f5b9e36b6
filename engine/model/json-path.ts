export type PathSegment = string | number;

const plainKey = /^[A-Za-z_$][\w$]*$/;

/** `['nodes', 2, 'config']` as `$.nodes[2].config`; keys that are no identifiers are quoted. */
export function jsonPath(segments: readonly PropertyKey[], root = '$'): string {
  let path = root;
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (typeof segment === 'string' && plainKey.test(segment)) path += `.${segment}`;
    else path += `[${JSON.stringify(String(segment))}]`;
  }
  return path;
}

/** Appends a path that is relative, e.g. `rules[0].edge`, as the checks of kinds give it. */
export const joinPath = (base: string, relative: string): string =>
  relative === '' ? base : relative.startsWith('[') ? `${base}${relative}` : `${base}.${relative}`;
