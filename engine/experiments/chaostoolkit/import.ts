import { type Activity, EXTENSION, type Loose, list, object, PROVIDER_MODULE } from './format.ts';

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
export function importExperiment(value: unknown, { scenario }: { scenario: string | null }): Imported {
  const toolkit = object(value);
  const reports: string[] = [];
  const extensions = list(toolkit.extensions).map(object);
  const own = object(extensions.find(({ name }) => name === EXTENSION)?.experiment);
  const hypothesis = object(toolkit['steady-state-hypothesis']);
  const kept = Object.fromEntries(Object.entries(toolkit).filter(([field]) => !known.includes(field)));
  for (const field of Object.keys(kept))
    reports.push(`"${field}" means nothing here; it is kept and given back with an export.`);

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
        probeFrom(object(probe), `the hypothesis's probe ${index + 1}`, reports),
      ),
    },
    method: list(toolkit.method).map((step, index) => stepFrom(object(step), `method ${index + 1}`, reports)),
    rollbacks: list(toolkit.rollbacks).map((step, index) => stepFrom(object(step), `rollback ${index + 1}`, reports)),
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

function foreign(activity: Activity, place: string, reports: string[]): Loose {
  const { type = 'none', module, func, path, url } = providerOf(activity);
  const what = [module, func].filter(Boolean).join('.') || String(path ?? url ?? activity.ref ?? '');
  reports.push(
    `${place}, "${String(activity.name ?? 'unnamed')}": the provider ${String(type)} ${what} cannot be run here; it is kept in its place.`,
  );
  return { type: 'foreign', activity };
}

function probeFrom(activity: Activity, place: string, reports: string[]): Loose {
  const name = String(activity.name ?? place);
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

function stepFrom(activity: Activity, place: string, reports: string[]): Loose {
  const beside = {
    ...(activity.pauses !== undefined && { pauses: pausesFrom(object(activity.pauses)) }),
    ...(activity.background !== undefined && { background: activity.background }),
  };
  // What is not ours holds its own pauses, as it was written.
  if (!isOurs(activity)) return foreign(activity, place, reports);
  if (activity.type === 'probe')
    return { type: 'probe', probe: probeFrom(activity, place, reports), ...object(activity[EXTENSION]), ...beside };
  return { ...object(providerOf(activity).arguments), ...beside };
}

const pausesFrom = ({ before, after }: Loose): Loose => ({
  ...(typeof before === 'number' && { beforeMs: Math.round(before * 1000) }),
  ...(typeof after === 'number' && { afterMs: Math.round(after * 1000) }),
});
