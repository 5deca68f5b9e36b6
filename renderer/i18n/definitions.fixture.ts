import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { faults } from '../../engine/faults/index.ts';
import { kinds } from '../../engine/kinds/index.ts';
import { brokerFigures } from '../../engine/model/broker-figures.ts';
import type { FaultDefinition, KindDefinition, MeasureDefinition } from '../../engine/model/definition.ts';
import { edgeConfigSchema } from '../../engine/model/edge.ts';
import { edgeMeasures } from '../../engine/model/edge-measures.ts';
import { experimentSchema } from '../../engine/model/experiment.ts';
import { faultCourseSchema } from '../../engine/model/fault.ts';
import { budgetSchema } from '../../engine/model/groups.ts';
import { hintRules } from '../../engine/model/hints/index.ts';
import { comparisonSchema, repeatSchema } from '../../engine/model/repetition.ts';
import { scenarioSchema } from '../../engine/model/scenario.ts';
import { methodStepSchema, rollbackStepSchema } from '../../engine/model/step.ts';
import { sweepSchema } from '../../engine/model/sweep.ts';
import { type Field, fieldOf, variantLabel } from '../inspector/form/fields.ts';
import { labelOf } from '../inspector/form/labels.ts';
import type { Said } from './engine-texts.fixture.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Ids that mean the same in every language, such as the names of HTTP methods. */
const isWord = (option: string): boolean => /^[a-z][a-z -]*$/.test(option);

/** Every text that the window shows of what the engine defines: kinds, faults, steps, sweeps … and of the templates. */
export function definedTexts(): Said[] {
  const texts = new Map<string, string>();
  const add = (place: string, ...keys: readonly (string | null | undefined)[]): void => {
    for (const key of keys) if (key && !texts.has(key)) texts.set(key, place);
  };
  const addField = (place: string, field: Field): void => {
    add(place, field.label, field.help);
    switch (field.type) {
      case 'number':
        add(place, field.unit);
        break;
      case 'choice':
        add(place, ...field.options.filter(isWord));
        break;
      case 'choices':
        add(place, ...field.options.map(labelOf));
        break;
      case 'list':
        addField(place, field.item);
        break;
      case 'object':
        for (const { key, field: inner } of field.fields) addField(`${place}.${key}`, inner);
        break;
      case 'variants':
        for (const [index, variant] of field.variants.entries()) {
          add(place, variantLabel(field, index));
          addField(place, variant);
        }
    }
  };
  const addSchema = (place: string, schema: z.ZodType): void => addField(place, fieldOf(schema));
  const addMeasures = (place: string, measures: readonly MeasureDefinition[]): void => {
    for (const { id, title, help, states } of measures) add(`${place}.${id}`, title, help, ...(states ?? []));
  };

  for (const kind of kinds as unknown as readonly KindDefinition[]) {
    add(kind.kind, kind.title, kind.help, ...kind.fidelity.real, ...kind.fidelity.modelled, kind.replicaTitle?.(0));
    addSchema(kind.kind, kind.config);
    addMeasures(kind.kind, kind.measures ?? []);
    for (const { title, ended } of kind.balances ?? []) add(kind.kind, title, ...ended.map((each) => each.title));
    add(kind.kind, ...(kind.billed ?? []).map(({ unit }) => unit));
  }
  add('price sheet', 'replica-hour');
  for (const fault of faults as unknown as readonly FaultDefinition[]) {
    add(
      fault.fault,
      fault.title,
      fault.help,
      ...Object.values(fault.limits),
      ...Object.values(fault.foreignLimits ?? {}),
    );
    addSchema(fault.fault, fault.parameters);
  }
  for (const { rule, title } of hintRules) add(rule, title);
  addMeasures('edge', edgeMeasures);
  for (const { id, title, help } of brokerFigures) add(`broker.${id}`, title, help);
  addSchema('edge', edgeConfigSchema);
  addSchema('scenario', scenarioSchema);
  addSchema('experiment', experimentSchema);
  for (const step of [...methodStepSchema.options, ...rollbackStepSchema.options]) addSchema('step', step);
  for (const sweep of sweepSchema.options) addSchema('sweep', sweep);
  addSchema('budget', budgetSchema);
  addSchema('course', faultCourseSchema);
  addSchema('comparison', comparisonSchema);
  addSchema('repetition', repeatSchema);
  for (const file of globSync('examples/*.json', { cwd: ROOT }).sort()) {
    const { name, title, description, statement } = JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
    add(file, name, title, description, statement);
  }
  return [...texts].map(([key, place]) => ({ key, place }));
}
