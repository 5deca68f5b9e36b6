import { type Activity, EXTENSION, type Loose, list, object, PROVIDER_MODULE } from './format.ts';
import { type HttpContext, type HttpTarget, httpProbe, variablesOf } from './http-probe.ts';

/** An experiment that nobody has checked yet, and what of it cannot be run here, one by one. */
export interface Imported {
  experiment: Loose;
  reports: string[];
}

const known = ['version', 'title', 'description', 'steady-state-hypothesis', 'method', 'rollbacks', 'extensions'];

/**
 * Takes over an experiment of Chaos Toolkit. What Archipel wrote comes back as it was; of others' activities each is
 * kept in its place, and reported. Nothing is left out.
 */
export function importExperiment(
  value: unknown,
  options: {
    scenario: string | null;
    /** Nodes of the document, by whose names hosts of URLs may be called. */
    nodes?: readonly string[];
    /** Which node or edge a host of a URL is. */
    targets?: Readonly<Record<string, HttpTarget>>;
  },
): Imported {
  const { scenario, nodes = [], targets = {} } = options;
  const toolkit = object(value);
  const reports: string[] = [];
  const http: HttpContext = { nodes, targets, variables: variablesOf(toolkit.configuration) };
  const extensions = list(toolkit.extensions).map(object);
  const own = object(extensions.find(({ name }) => name === EXTENSION)?.experiment);
  const hypothesis = object(toolkit['steady-state-hypothesis']);
  const kept = Object.fromEntries(Object.entries(toolkit).filter(([field]) => !known.includes(field)));
  for (const field of Object.keys(kept))
    reports.push(
      `"${field}" ${field === 'configuration' ? 'fills in the URLs of probes alone' : 'means nothing here'}; it is kept and given back with an export.`,
    );

  const title = typeof toolkit.title === 'string' ? toolkit.title : '';
  const description = typeof toolkit.description === 'string' ? toolkit.description : '';
  const statement = own.statement === '' && description === title ? '' : description;
  const experiment: Loose = {
    ...(scenario !== null && { scenario }),
    name: nameFrom(title),
    ...own,
    title,
    statement,
    steadyStateHypothesis: {
      title: hypothesis.title ?? title,
      probes: list(hypothesis.probes).map((probe, index) =>
        probeFrom(object(probe), `the hypothesis's probe ${index + 1}`, reports, http),
      ),
    },
    method: list(toolkit.method).map((step, index) => stepFrom(object(step), `method ${index + 1}`, reports, http)),
    rollbacks: list(toolkit.rollbacks).map((step, index) =>
      stepFrom(object(step), `rollback ${index + 1}`, reports, http),
    ),
    extensions: [
      ...extensions.filter(({ name }) => name !== EXTENSION),
      ...(Object.keys(kept).length > 0 ? [{ name: 'chaostoolkit', ...kept }] : []),
    ],
  };
  return { experiment, reports };
}

const nameFrom = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80) || 'imported';

const providerOf = ({ provider }: Activity): Loose => object(provider);
const isOurs = (activity: Activity): boolean => providerOf(activity).module === PROVIDER_MODULE;

const whyNot: Record<string, string> = {
  python: 'it runs code of a Python package',
  process: 'it runs a program, and a document of somebody else runs no code',
};

function foreign(activity: Activity, place: string, reports: string[], reason?: string): Loose {
  const { type = 'none', module, func, path, url } = providerOf(activity);
  const why = reason ?? whyNot[String(type)];
  const what = [module, func].filter(Boolean).join('.') || String(path ?? url ?? activity.ref ?? '');
  reports.push(
    `${place}, "${String(activity.name ?? 'unnamed')}": the provider ${String(type)} ${what} cannot be run here${why ? `, since ${why}` : ''}; it is kept in its place.`,
  );
  return { type: 'foreign', activity };
}

function probeFrom(activity: Activity, place: string, reports: string[], http: HttpContext): Loose {
  const name = String(activity.name ?? place);
  if (providerOf(activity).type === 'http') {
    const found = httpProbe(activity, http);
    if ('measure' in found) return { name, ...found };
    const tolerance = toleranceFrom(activity.tolerance, place, []);
    return { name, measure: foreign(activity, place, reports, found.reason), tolerance };
  }
  const tolerance = toleranceFrom(activity.tolerance, place, reports);
  if (!isOurs(activity)) return { name, measure: foreign(activity, place, reports), tolerance };
  const { measure, ...own } = object(providerOf(activity).arguments);
  return { name, measure, tolerance, ...own };
}

function toleranceFrom(tolerance: unknown, place: string, reports: string[]): unknown {
  if (typeof tolerance !== 'object' || tolerance === null) return { equals: tolerance ?? null };
  if (Array.isArray(tolerance))
    return tolerance.length === 2 && tolerance.every((bound) => typeof bound === 'number')
      ? { min: tolerance[0], max: tolerance[1] }
      : { oneOf: tolerance };
  const { type, pattern, path, range, expect, count, target, ...rest } = object(tolerance);
  if (target !== undefined)
    reports.push(`${place}: the tolerance's target "${String(target)}" is not kept apart here.`);
  if (type === EXTENSION) return rest.tolerance;
  if (type === 'regex') return { regex: pattern };
  if (type === 'range') return { min: list(range)[0], max: list(range)[1] };
  if (type === 'jsonpath')
    return { jsonPath: path, ...(expect !== undefined && { expect }), ...(count !== undefined && { count }) };
  reports.push(`${place}: a tolerance of type "${String(type)}" cannot be judged here; it is kept in the activity.`);
  return { equals: null };
}

function stepFrom(activity: Activity, place: string, reports: string[], http: HttpContext): Loose {
  const beside = {
    ...(activity.pauses !== undefined && { pauses: pausesFrom(object(activity.pauses)) }),
    ...(activity.background !== undefined && { background: activity.background }),
  };
  if (activity.type === 'probe' && providerOf(activity).type === 'http') {
    const found = httpProbe(activity, http);
    if ('reason' in found) return foreign(activity, place, reports, found.reason);
    return { type: 'probe', probe: { name: String(activity.name ?? place), ...found }, ...beside };
  }
  // What is not ours holds its own pauses, as it was written.
  if (!isOurs(activity)) return foreign(activity, place, reports);
  if (activity.type === 'probe')
    return {
      type: 'probe',
      probe: probeFrom(activity, place, reports, http),
      ...object(activity[EXTENSION]),
      ...beside,
    };
  return { ...object(providerOf(activity).arguments), ...beside };
}

const pausesFrom = ({ before, after }: Loose): Loose => ({
  ...(typeof before === 'number' && { beforeMs: Math.round(before * 1000) }),
  ...(typeof after === 'number' && { afterMs: Math.round(after * 1000) }),
});
