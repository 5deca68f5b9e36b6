import * as nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';

/** Packages of the project: no path, no scheme. */
const isBare = (specifier: string): boolean => !/^(\.{0,2}\/|[a-z]+:)/i.test(specifier);

/**
 * Lets `import` find what `require` finds: Next.js is written for bundlers, and `next/server` has no file of that name. Node has this since
 * 22.15; before, such imports fail.
 */
export function resolveAsRequire(): void {
  nodeModule.registerHooks?.({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!isBare(specifier) || context.parentURL === undefined) throw error;
        const found = nodeModule.createRequire(context.parentURL).resolve(specifier);
        return next(pathToFileURL(found).href, context);
      }
    },
  });
}
