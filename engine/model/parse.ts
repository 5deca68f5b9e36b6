import { checkCallCycles } from './checks/call-cycle-checks.ts';
import { checkExperiments } from './checks/experiment-checks.ts';
import { checkGraph } from './checks/graph-checks.ts';
import { checkBudgets } from './checks/group-checks.ts';
import { checkNodes } from './checks/kind-checks.ts';
import { configErrors, outlineOf } from './checks/outline.ts';
import { checkPolicies } from './checks/policy-checks.ts';
import { checkPrices } from './checks/price-checks.ts';
import { checkScenarios } from './checks/scenario-checks.ts';
import { checkSweeps } from './checks/sweep-checks.ts';
import type { Catalogue, DocumentError } from './definition.ts';
import { type ArchipelDocument, documentSchema } from './document.ts';
import { schemaErrors } from './issues.ts';
import { migrate } from './migrate.ts';
import type { SimpleStep } from './step.ts';

export type ParsedDocument =
  | { ok: true; document: ArchipelDocument; migratedFrom: number | null }
  | {
      ok: false;
      /** Every problem, in the order of the file's parts. */
      errors: DocumentError[];
      /** Set when the document is sound but unfinished: it can be edited and saved, not run. */
      draft: ArchipelDocument | null;
      migratedFrom: number | null;
    };

/**
 * Reads a document of any format that this build knows, and reports everything that is wrong with it at once.
 *
 * A document is *sound* when every part of it is what the schemas ask for, ids differ and each edge is a legal
 * connection. One that is sound may still be unfinished: a step names an edge that is gone, an experiment a
 * scenario that was renamed. People save such work and come back to it.
 */
export function parseDocument(value: unknown, catalogue: Catalogue): ParsedDocument {
  const migrated = migrate(value);
  if (!migrated.ok) return { ok: false, errors: [migrated.error], draft: null, migratedFrom: null };
  const { migratedFrom } = migrated;
  const outline = outlineOf(migrated.value, catalogue);
  const unsound = [
    ...schemaErrors(documentSchema, migrated.value),
    ...configErrors(migrated.value, outline),
    ...checkGraph(outline),
  ];
  const unfinished = [
    ...checkNodes(outline),
    ...checkCallCycles(outline),
    ...checkPolicies(outline),
    ...checkBudgets(outline),
    ...checkScenarios(outline),
    ...checkExperiments(outline),
    ...checkSweeps(outline),
    ...checkPrices(migrated.value, outline),
  ];
  const errors = inOrder([...unsound, ...unfinished]);
  if (unsound.length > 0) return { ok: false, errors, draft: null, migratedFrom };
  const document = withDefaults(documentSchema.parse(migrated.value), catalogue);
  return unfinished.length > 0
    ? { ok: false, errors, draft: document, migratedFrom }
    : { ok: true, document, migratedFrom };
}

/** Every config and every fault's parameters as their own schemas parse them. Only for documents that are sound. */
function withDefaults(document: ArchipelDocument, { kinds, faults }: Catalogue): ArchipelDocument {
  return {
    ...document,
    nodes: document.nodes.map((node) => {
      const definition = kinds.find(({ kind }) => kind === node.kind);
      return definition ? { ...node, config: definition.config.parse(node.config) } : node;
    }),
    experiments: document.experiments.map((experiment) => ({
      ...experiment,
      method: experiment.method.map((step) =>
        step.type === 'parallel'
          ? { ...step, branches: step.branches.map((branch) => branch.map((inner) => withParameters(inner, faults))) }
          : withParameters(step, faults),
      ),
    })),
    sweeps: document.sweeps.map((sweep) =>
      sweep.type === 'retries-timeout' && sweep.fault
        ? { ...sweep, fault: withParameters(sweep.fault, faults) }
        : sweep,
    ),
  };
}

function withParameters<Step extends SimpleStep | { fault: string; parameters: Record<string, unknown> }>(
  step: Step,
  faults: Catalogue['faults'],
): Step {
  if (!('fault' in step)) return step;
  const fault = faults.find((candidate) => candidate.fault === step.fault);
  const parameters = fault?.parameters.safeParse(step.parameters);
  return parameters?.success ? { ...step, parameters: parameters.data } : step;
}

const parts = ['nodes', 'edges', 'groups', 'scenarios', 'experiments', 'sweeps', 'prices'];

/** By part of the document and position in it; the order of the checks decides within one item. */
function inOrder(errors: DocumentError[]): DocumentError[] {
  const rank = ({ path }: DocumentError): [number, number] => {
    const match = /^\$\.(\w+)(?:\[(\d+)\])?/.exec(path);
    return [parts.indexOf(match?.[1] ?? ''), Number(match?.[2] ?? -1)];
  };
  return errors
    .map((error) => ({ error, rank: rank(error) }))
    .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1])
    .map(({ error }) => error);
}
