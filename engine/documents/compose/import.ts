import { parse, YAMLParseError } from 'yaml';
import type { ImportNote } from '../../api/engine.ts';
import { catalogue } from '../../catalogue.ts';
import type { KindDefinition } from '../../model/definition.ts';
import { type ArchipelDocument, documentSchema, FORMAT } from '../../model/document.ts';
import { ArchipelError } from '../../model/error.ts';
import { callProblem, startLayers } from '../../model/graph.ts';
import { parseDocument } from '../../model/parse.ts';
import { type KnownImage, knownImage } from './images.ts';
import { type ComposeService, readService } from './service.ts';

export interface ImportedDocument {
  document: ArchipelDocument;
  notes: ImportNote[];
}

type Kind = Extract<KnownImage, { type: 'kind' }>['kind'] | 'service' | 'command';

interface Placed {
  service: ComposeService;
  id: string;
  kind: Kind;
  note: string | null;
}

/** Programs declare their queues and topics themselves, so a compose file names none. */
const brokerConfigs: Partial<Record<Kind, Record<string, unknown>>> = {
  'broker-rabbitmq': { queues: [{ name: 'messages' }] },
  'broker-kafka': { topics: [{ name: 'messages' }] },
};
const BROKER_NOTE =
  'It has one queue or topic, "messages", for all that its programs declare. Give it those of yours, and the services steps that publish to them and consumers.';

const COLUMN = 320;
const ROW = 170;

/** Whether a file is named as compose files are. */
export const isComposeFile = (name: string): boolean => /\.ya?ml$/i.test(name);

/**
 * A `docker-compose.yml` as a topology: services become nodes of the kinds that their images are known to be, and who depends
 * on whom, or names another in its environment, becomes an edge. Nothing is pulled, built or run. What Archipel has no kind
 * for is left out, and the notes say so.
 */
export function importCompose(text: string, name: string): ImportedDocument {
  const services = servicesOf(text, name);
  const notes: ImportNote[] = [];
  const ids = new Set<string>();
  const named = new Set(services.flatMap((service) => referencesOf(service, services)));
  const placed = services.flatMap((service): Placed[] => {
    const found = kindOf(service, named.has(service.name));
    if ('why' in found) {
      notes.push({ service: service.name, leftOut: true, message: `It is left out: ${found.why}.` });
      return [];
    }
    return [{ service, id: freeId(service.name, ids), ...found }];
  });
  for (const { service, note } of placed) {
    if (note) notes.push({ service: service.name, leftOut: false, message: note });
    if (service.leftOut.length > 0)
      notes.push({ service: service.name, leftOut: false, message: `Not taken over: ${service.leftOut.join(', ')}.` });
  }

  const edges = placed.flatMap((from) =>
    referencesOf(from.service, services).flatMap((other) => {
      const to = placed.find(({ service }) => service.name === other);
      if (!to) {
        notes.push({ service: from.service.name, leftOut: false, message: `It uses "${other}", which is left out.` });
        return [];
      }
      const problem = callProblem(definitionOf(from.kind), definitionOf(to.kind));
      if (problem) {
        notes.push({ service: from.service.name, leftOut: false, message: `No edge leads to "${other}": ${problem}.` });
        return [];
      }
      return [{ id: `${from.id}-${to.id}`.slice(0, 63), source: from.id, target: to.id }];
    }),
  );
  const entries = placed.filter(({ service, kind }) => service.isPublished && definitionOf(kind).accepts === 'http');
  const client = entries.length > 0 ? freeId('users', ids) : null;
  const entryEdges = entries.map(({ id }) => ({
    id: `${client}-${id}`.slice(0, 63),
    source: client as string,
    target: id,
  }));
  const all = [...entryEdges, ...edges];

  const nodes = [
    ...(client === null ? [] : [{ id: client, kind: 'client', name: 'Users', config: {} }]),
    ...placed.map((part) => ({
      id: part.id,
      kind: part.kind,
      name: part.service.name.slice(0, 80),
      config: configOf(
        part,
        all.filter(({ source }) => source === part.id),
        placed,
      ),
    })),
  ];
  const document = {
    format: FORMAT,
    name: name.replace(/\.ya?ml$/i, '').slice(0, 120) || 'Imported',
    description: `Imported from ${name}.`,
    nodes: laidOut(nodes, all),
    edges: all,
    scenarios:
      client === null
        ? []
        : [
            {
              name: 'steady',
              traffic: entryEdges.map(({ id }) => ({
                executor: 'constant-arrival-rate',
                client,
                ratePerSec: 20,
                routes: [{ path: '/', ...(entryEdges.length > 1 && { edge: id }) }],
              })),
            },
          ],
  };
  const parsed = parseDocument(document, catalogue);
  if (parsed.ok) return { document: parsed.document, notes };
  if (parsed.draft) return { document: parsed.draft, notes };
  throw new ArchipelError(
    'document-invalid',
    `${name} cannot be made a document`,
    'Simplify the file at these places.',
    {
      errors: parsed.errors,
    },
  );
}

function servicesOf(text: string, name: string): ComposeService[] {
  let value: unknown;
  try {
    value = parse(text, { merge: true });
  } catch (error) {
    const where = error instanceof YAMLParseError && error.linePos ? ` line ${error.linePos[0].line}:` : '';
    throw new ArchipelError(
      'document-unreadable',
      `${name} is no YAML:${where} ${(error as Error).message.split('\n')[0]}`,
      'Correct the file there.',
      { cause: error },
    );
  }
  const services = (value as { services?: unknown } | null)?.services;
  if (
    typeof services !== 'object' ||
    services === null ||
    Array.isArray(services) ||
    Object.keys(services).length === 0
  )
    throw new ArchipelError(
      'document-unreadable',
      `${name} has no services, so it is no docker-compose file`,
      'Choose a compose file, or a document that ends in .archipel.json.',
    );
  return Object.entries(services).map(([service, raw]) => readService(service, raw));
}

/** The services that one depends on, or names as a host in its environment; each once. */
function referencesOf(service: ComposeService, all: readonly ComposeService[]): string[] {
  const others = all.map(({ name }) => name).filter((name) => name !== service.name);
  const values = Object.values(service.environment);
  const mentions = (name: string): boolean => {
    const host = new RegExp(`(^|//|@)${name.replace(/[^\w-]/g, '\\$&')}(:\\d|/|$)`);
    return values.some((value) => host.test(value));
  };
  return others.filter((name) => service.dependsOn.includes(name) || mentions(name));
}

function kindOf(service: ComposeService, isUsed: boolean): { kind: Kind; note: string | null } | { why: string } {
  const { image, command, isBuilt } = service;
  const known = image === null ? null : knownImage(image);
  if (!isBuilt && known?.type === 'kind')
    return { kind: known.kind, note: known.kind in brokerConfigs ? BROKER_NOTE : null };
  if (!isBuilt && known?.type === 'foreign') return { why: known.why };
  if (command)
    return {
      kind: 'command',
      note: `It runs "${command.join(' ')}" on this machine, not in a container, and must serve HTTP on the port in PORT; addresses of what it calls are in its environment, under the names of the edges. It runs only after you trust the document.`,
    };
  if (!service.isExposed && !isUsed && service.dependsOn.length === 0)
    return { why: `nothing reaches ${image ?? 'it'}, and it names no program` };
  return {
    kind: 'service',
    note: `A Service stands for ${image ?? `what is built from ${service.context ?? 'its source'}`}, with one route that calls what it depends on. Give it routes of its own, or make it a Command.`,
  };
}

function configOf(
  { service, kind }: Placed,
  edges: readonly { id: string; target: string }[],
  placed: readonly Placed[],
): Record<string, unknown> {
  const replicas = service.replicas === 1 ? {} : { replicas: Math.min(service.replicas, 64) };
  switch (kind) {
    case 'gateway':
      return {
        ...replicas,
        rules:
          edges.length < 2
            ? []
            : edges.map(({ id, target }, index) => ({ pathPrefix: index === 0 ? '/' : `/${target}`, edge: id })),
      };
    case 'command': {
      const [program = '', ...rest] = service.command ?? [];
      return {
        ...replicas,
        ...programOf(program),
        arguments: rest,
        ...(service.context !== null && { workingDirectory: service.context }),
        environment: Object.fromEntries(
          Object.entries(service.environment).filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && name !== 'PORT'),
        ),
      };
    }
    case 'service':
      return {
        ...replicas,
        routes: [
          {
            method: 'GET',
            path: '/',
            steps: [
              { do: 'wait', duration: { type: 'fixed', valueMs: 1 } },
              ...edges.flatMap(({ id, target }) => stepAlong(id, placed.find((other) => other.id === target)?.kind)),
            ],
          },
        ],
      };
    case 'cache':
      return replicas;
    default:
      return brokerConfigs[kind] ?? {};
  }
}

/** Names under which a program is found on other systems. */
const programOf = (program: string) =>
  /^python3?$/.test(program) ? { command: 'python3', alternatives: ['python', 'py'] } : { command: program };

function stepAlong(edge: string, kind: Kind | undefined): Record<string, string>[] {
  if (kind === 'database') return [{ do: 'query', edge, sql: 'select 1' }];
  if (kind === 'cache' || (kind !== undefined && kind in brokerConfigs)) return [];
  return [{ do: 'call', edge, path: '/' }];
}

const definitionOf = (kind: string): KindDefinition =>
  catalogue.kinds.find((definition) => definition.kind === kind) as KindDefinition;

function freeId(name: string, taken: Set<string>): string {
  const root =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 28) || 'service';
  let id = root;
  for (let number = 2; taken.has(id); number += 1) id = `${root}-${number}`;
  taken.add(id);
  return id;
}

/** Callers on the left, what is called to the right of them. */
function laidOut<Node extends { id: string }>(
  nodes: readonly Node[],
  edges: readonly { id: string; source: string; target: string }[],
) {
  const graph = documentSchema.pick({ nodes: true, edges: true }).parse({
    nodes: nodes.map(({ id }) => ({ id, kind: 'service', name: id, position: { x: 0, y: 0 } })),
    edges,
  });
  const columns = startLayers(graph).reverse();
  return nodes.map((node) => {
    const column = columns.findIndex((ids) => ids.includes(node.id));
    const row = columns[column]?.indexOf(node.id) ?? 0;
    return { ...node, position: { x: column * COLUMN, y: row * ROW } };
  });
}
