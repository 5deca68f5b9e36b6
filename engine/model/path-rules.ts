export interface Rule {
  pathPrefix: string;
  edge: string;
}

/** The edge of the longest prefix that ends at a path segment. */
export function edgeOfPath(path: string, rules: readonly Rule[]): string | undefined {
  let best: Rule | undefined;
  for (const rule of rules) {
    const prefix = rule.pathPrefix.replace(/\/$/, '');
    if ((path === prefix || path.startsWith(`${prefix}/`)) && rule.pathPrefix.length > (best?.pathPrefix.length ?? 0))
      best = rule;
  }
  return best?.edge;
}
