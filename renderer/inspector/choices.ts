import { faults } from '../../engine/faults/index.ts';
import { kinds } from '../../engine/kinds/index.ts';
import type { ArchipelDocument, ArchipelEdge } from '../../engine/model/document.ts';
import { outgoingEdges } from '../../engine/model/graph.ts';
import { routeName } from '../../engine/model/scenario.ts';
import { faultDefinition } from '../faults/presentation.ts';
import { said } from '../i18n/said.ts';
import { useDocument } from '../stores/document.ts';
import type { Choice, FormContext } from './form/context.ts';

const current = (): ArchipelDocument => useDocument.getState().document;

function edgeChoice(document: ArchipelDocument, edge: ArchipelEdge): Choice {
  const target = document.nodes.find((node) => node.id === edge.target);
  return { value: edge.id, label: `→ ${target?.name ?? edge.target} (${edge.id})` };
}

/** In a node's config an `edge` is one that leaves the node. */
export const choicesForNode =
  (nodeId: string): FormContext['choices'] =>
  (key) => {
    const document = current();
    return key === 'edge' ? outgoingEdges(document, nodeId).map((edge) => edgeChoice(document, edge)) : null;
  };

const isSender = (kind: string): boolean =>
  kinds.some((definition) => definition.kind === kind && definition.family === 'traffic');

export const choicesForScenario: FormContext['choices'] = (key) => {
  const document = current();
  const senders = document.nodes.filter((node) => isSender(node.kind));
  if (key === 'client') return senders.map((node) => ({ value: node.id, label: `${node.name} (${node.id})` }));
  if (key === 'edge')
    return senders.flatMap((node) => outgoingEdges(document, node.id)).map((edge) => edgeChoice(document, edge));
  return null;
};

/** What an experiment names: scenarios, nodes, edges, faults, and the routes of its scenario. */
export const choicesForExperiment =
  (scenarioName: string): FormContext['choices'] =>
  (key) => {
    const document = current();
    switch (key) {
      case 'scenario':
        return document.scenarios.map(({ name }) => ({ value: name, label: name }));
      case 'node':
        return document.nodes.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
      case 'edge':
        return document.edges.map((edge) => edgeChoice(document, edge));
      case 'group':
        return document.groups.map(({ id, name }) => ({ value: id, label: `${name} (${id})` }));
      case 'fault':
        return faults.map(({ fault, title }) => ({ value: fault, label: said(title) }));
      case 'route': {
        const scenario = document.scenarios.find(({ name }) => name === scenarioName);
        const routes = new Set(scenario?.traffic.flatMap((source) => source.routes.map(routeName)));
        return [...routes].map((name) => ({ value: name, label: name }));
      }
      default:
        return null;
    }
  };

/** The parameters of a fault have the schema of the fault named beside them. */
export const parametersOfFault: FormContext['schemaOf'] = (key, siblings) =>
  key === 'parameters' && typeof siblings.fault === 'string'
    ? (faultDefinition(siblings.fault)?.parameters ?? null)
    : null;
