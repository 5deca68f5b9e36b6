import type { DocumentError } from '../definition.ts';
import { checkExecutor } from './executor-checks.ts';
import { edgesFrom, list, type Named, nodeById, type Outline, object, oneOf, text } from './outline.ts';
import { checkRoutes } from './route-checks.ts';

/** Traffic starts at a client and leaves along one of its edges; what it is to do can be done. */
export function checkScenarios(outline: Outline): DocumentError[] {
  return outline.scenarios.flatMap(({ raw, path }) =>
    list(raw.traffic).flatMap((loose, index) => {
      const source = object(loose);
      const at = `${path}.traffic[${index}]`;
      return [
        ...checkTraffic(source, at, outline),
        ...checkRoutes(source.routes, at, source.executor !== 'replay'),
        ...checkExecutor(source, at, raw),
      ];
    }),
  );
}

function checkTraffic(traffic: Record<string, unknown>, path: string, outline: Outline): DocumentError[] {
  const client = text(traffic.client);
  if (client === null || client === '') return [];
  const node = nodeById(outline, client);
  const clients = outline.nodes.filter(({ definition }) => definition?.family === 'traffic').map(({ id }) => id);
  const nextStep = oneOf(clients, 'Add a client node.');
  if (!node)
    return [
      { path: `${path}.client`, message: `there is no node "${client}"`, nextStep },
      ...checkEdgesExist(traffic, path, outline),
    ];
  if (node.definition && node.definition.family !== 'traffic')
    return [
      {
        path: `${path}.client`,
        message: `node "${client}" is a ${node.definition.kind}, and only a client sends traffic`,
        nextStep,
      },
    ];

  const edges = edgesFrom(outline, client).map(({ id }) => id);
  if (edges.length === 0)
    return [
      {
        path: `${path}.client`,
        message: `no edge leaves "${client}", so its traffic leads nowhere`,
        nextStep: `Connect "${client}" to a gateway, server or service.`,
      },
      ...checkEdgesExist(traffic, path, outline),
    ];
  return list(traffic.routes).flatMap((raw, index): DocumentError[] => {
    const { edge } = object(raw);
    const at = `${path}.routes[${index}].edge`;
    if (edge === undefined && edges.length > 1)
      return [{ path: at, message: `is missing: several edges leave "${client}"`, nextStep: oneOf(edges, '') }];
    if (typeof edge === 'string' && edge !== '' && !edges.includes(edge))
      return [{ path: at, message: `no edge "${edge}" leaves "${client}"`, nextStep: oneOf(edges, '') }];
    return [];
  });
}

/** Where the client itself is wrong, an edge that exists nowhere is wrong all the same. */
function checkEdgesExist(traffic: Record<string, unknown>, path: string, { edges }: Outline): DocumentError[] {
  return list(traffic.routes).flatMap((raw, index) => {
    const { edge } = object(raw);
    if (typeof edge !== 'string' || edge === '' || edges.some(({ id }) => id === edge)) return [];
    return [
      {
        path: `${path}.routes[${index}].edge`,
        message: `there is no edge "${edge}"`,
        nextStep: oneOf(
          edges.map(({ id }) => id),
          'Add an edge that leaves the client.',
        ),
      },
    ];
  });
}

/** Names of the routes that a scenario sends, as far as they can be read. */
export const scenarioRoutes = ({ raw }: Named): string[] => [
  ...new Set(
    list(raw.traffic).flatMap((source) =>
      list(object(source).routes).flatMap((route) => {
        const { method = 'GET', path } = object(route);
        return typeof method === 'string' && typeof path === 'string' ? [`${method} ${path}`] : [];
      }),
    ),
  ),
];
