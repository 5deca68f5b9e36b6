/** One function of Lua while it is compiled. */
export interface FunctionScope {
  readonly parent: FunctionScope | null;
  readonly isVariadic: boolean;
  /** Names of JavaScript for results that are needed twice. */
  temporaries: string[];
  blocks: Map<string, string>[];
  loops: number;
}

export const functionScope = (parent: FunctionScope | null, isVariadic: boolean): FunctionScope => ({
  parent,
  isVariadic,
  temporaries: [],
  blocks: [new Map()],
  loops: 0,
});

/**
 * Where a name leads: a local variable of this function, one of a function around it, or nowhere, which makes it a global
 * one. Names of JavaScript end with `$` and a number, so none of them can be a keyword or a global of JavaScript.
 */
export function resolve(scope: FunctionScope, name: string): { kind: 'local' | 'upvalue'; code: string } | null {
  for (let each: FunctionScope | null = scope; each; each = each.parent)
    for (let i = each.blocks.length - 1; i >= 0; i -= 1) {
      const code = each.blocks[i]?.get(name);
      if (code !== undefined) return { kind: each === scope ? 'local' : 'upvalue', code };
    }
  return null;
}
