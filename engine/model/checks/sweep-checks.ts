import type { DocumentError } from '../definition.ts';
import { checkChange } from './change-checks.ts';
import { checkFault } from './fault-checks.ts';
import { type Loose, list, type Named, type Outline, object, oneOf, text } from './outline.ts';

/** Scenario, node, edge and fault of a sweep exist and fit; its load is one that it can set. */
export function checkSweeps(outline: Outline): DocumentError[] {
  return outline.sweeps.flatMap(({ raw, path }, index) => [
    ...checkName(index, outline),
    ...checkScenario(raw, path, outline),
    ...(raw.type === 'replicas' ? checkReplicas(raw, path, outline) : []),
    ...(raw.type === 'retries-timeout' ? checkGrid(raw, path, outline) : []),
    ...(raw.type === 'knee' ? checkRates(raw, path) : []),
  ]);
}

function checkName(index: number, { sweeps }: Outline): DocumentError[] {
  const { name, path } = sweeps[index] as Named;
  if (name === null || sweeps.findIndex((other) => other.name === name) === index) return [];
  return [{ path: `${path}.name`, message: `another sweep is called "${name}" too`, nextStep: 'Choose another name.' }];
}

function checkScenario(sweep: Loose, path: string, outline: Outline): DocumentError[] {
  const name = text(sweep.scenario);
  if (name === null || name === '') return [];
  const scenario = outline.scenarios.find((candidate) => candidate.name === name);
  if (!scenario) {
    const nextStep = oneOf(
      outline.scenarios.map((candidate) => candidate.name),
      'Add a scenario.',
    );
    return [{ path: `${path}.scenario`, message: `there is no scenario "${name}"`, nextStep }];
  }
  // Closed and open traffic alike can be turned into users; only what has a rate into another rate.
  if (sweep.type === 'replicas') return [];
  const closed = list(scenario.raw.traffic)
    .map((source) => text(object(source).executor))
    .filter((executor) => executor !== null && !OPEN.includes(executor));
  if (closed.length === 0) return [];
  return [
    {
      path: `${path}.scenario`,
      message: `scenario "${name}" has traffic without a rate of its own (${[...new Set(closed)].join(', ')}), and this sweep sets the rate`,
      nextStep: `Use a scenario whose executors are ${OPEN.join(', ')}.`,
    },
  ];
}

const OPEN = ['constant-arrival-rate', 'ramping-arrival-rate', 'spike', 'diurnal'];

/** Scaled as a step of a method scales it. */
function checkReplicas(sweep: Loose, path: string, outline: Outline): DocumentError[] {
  return checkChange({ type: 'scale', node: sweep.node }, path, outline);
}

function checkGrid(sweep: Loose, path: string, outline: Outline): DocumentError[] {
  const edge = text(sweep.edge);
  const unknown =
    edge === null || edge === '' || outline.edges.some(({ id }) => id === edge)
      ? []
      : [
          {
            path: `${path}.edge`,
            message: `there is no edge "${edge}"`,
            nextStep: oneOf(
              outline.edges.map(({ id }) => id),
              'Add the edge.',
            ),
          },
        ];
  const fault = object(sweep.fault);
  return [...unknown, ...(fault.fault === undefined ? [] : checkFault(fault, `${path}.fault`, outline))];
}

function checkRates(sweep: Loose, path: string): DocumentError[] {
  const [first, last] = [sweep.startRatePerSec ?? 10, sweep.maxRatePerSec ?? 5000];
  if (typeof first !== 'number' || typeof last !== 'number' || first < last) return [];
  return [
    {
      path: `${path}.startRatePerSec`,
      message: `must be below "maxRatePerSec", which is ${last}`,
      nextStep: 'Start lower, or go further.',
    },
  ];
}
