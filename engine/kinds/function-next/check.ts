import type { DocumentError } from '../../model/definition.ts';
import { checkModule } from '../module-check.ts';

interface Checked {
  routeHandlers: readonly { path: string; source: string }[];
  project: string;
  environment: Record<string, string>;
}

/** What the schema cannot say, of the code too, of which nothing is run. */
export const checkNext = ({ config }: { config: Checked }): DocumentError[] => {
  const { routeHandlers: routes, project, environment } = config;
  const paths = new Set<string>();
  return [
    ...(project !== '' && routes.length > 0
      ? [
          {
            path: 'project',
            message: 'there are both routes and a project',
            nextStep: 'Empty the one that is not to run.',
          },
        ]
      : []),
    ...(project === '' && routes.length === 0
      ? [{ path: 'routeHandlers', message: 'there is no route', nextStep: 'Write a route handler, or name a project.' }]
      : []),
    ...routes.flatMap(({ path, source }, index) => {
      const isTaken = paths.has(path);
      paths.add(path);
      const problem = isTaken ? 'there is such a route already' : problemInPattern(path);
      return [
        ...(problem === null
          ? []
          : [
              {
                path: `routeHandlers[${index}].path`,
                message: problem,
                nextStep: 'Write a path such as /api/items/[id].',
              },
            ]),
        ...checkModule(source, `routeHandlers[${index}].source`),
      ];
    }),
    ...Object.keys(environment)
      .filter((name) => /^(ARCHIPEL_.*|PORT|HOSTNAME|PATH|NODE_ENV)$/i.test(name))
      .map((name) => ({
        path: `environment.${name}`,
        message: `the variable ${name} is set by the platform`,
        nextStep: 'Give it another name, and let the handler read that one.',
      })),
  ];
};

/** What is wrong with a pattern; null: nothing. */
function problemInPattern(pattern: string): string | null {
  if (!pattern.startsWith('/api')) return 'it does not begin with /api';
  const segments = pattern.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    if (!/^(\[\[\.\.\.\w+\]\]|\[\.\.\.\w+\]|\[\w+\]|[A-Za-z0-9._~-]+)$/.test(segment))
      return `"${segment}" is neither a name nor [name], [...name] or [[...name]]`;
    if (segment.includes('...') && index < segments.length - 1) return `nothing can come after "${segment}"`;
  }
  return null;
}
