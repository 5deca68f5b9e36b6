import { create } from 'zustand';
import { checkFaultCourse } from '../../engine/model/checks/fault-course-checks.ts';
import type { DocumentError, FaultDefinition } from '../../engine/model/definition.ts';
import { faultCourseSchema } from '../../engine/model/fault.ts';
import { schemaErrors } from '../../engine/model/issues.ts';
import { t } from '../i18n/t.ts';
import { useDocument } from '../stores/document.ts';
import { DEFAULT_LEASE_MS, inject } from './fault-actions.ts';
import { type FaultScope, scopeKey, targetsOf, type Where } from './scope.ts';

export interface FaultDraft {
  parameters: Record<string, unknown>;
  /** Probability, schedule and ramp, as they are typed. */
  course: Record<string, unknown>;
  where: Where;
  /** Null: until it is taken off. */
  leaseMs: number | null;
}

/** How each fault will be injected where; set in the forms, used by the quick buttons too. */
const useDrafts = create<{ drafts: Record<string, FaultDraft> }>()(() => ({ drafts: {} }));

const keyOf = (fault: string, scope: FaultScope): string => `${fault} ${scopeKey(scope)}`;

/** A process comes back by itself after some seconds; an edge stays as it is set. Of everything, one is enough to begin with. */
const draftFor = (definition: FaultDefinition, scope: FaultScope): FaultDraft => ({
  parameters: definition.parameters.parse(definition.defaults),
  course: {},
  where: { replica: 0, select: scope.type === 'node' ? 'replica' : scope.type === 'document' ? 'one' : null },
  leaseMs: definition.target === 'edge' ? null : DEFAULT_LEASE_MS,
});

const initial = new Map<string, FaultDraft>();
function initialDraft(definition: FaultDefinition, scope: FaultScope): FaultDraft {
  const key = `${definition.fault} ${scope.type}`;
  const draft = initial.get(key) ?? draftFor(definition, scope);
  initial.set(key, draft);
  return draft;
}

export function useDraft(definition: FaultDefinition, scope: FaultScope): [FaultDraft, (draft: FaultDraft) => void] {
  const key = keyOf(definition.fault, scope);
  const draft = useDrafts((state) => state.drafts[key]) ?? initialDraft(definition, scope);
  return [draft, (next) => useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [key]: next } }))];
}

/** What is wrong with a draft; paths begin with `$.parameters` or `$.course`. */
export function problemsOfDraft(
  definition: FaultDefinition,
  { parameters, course, leaseMs }: FaultDraft,
): DocumentError[] {
  const read = faultCourseSchema.safeParse(course);
  const errors = [
    ...schemaErrors(definition.parameters, parameters, '$.parameters'),
    ...schemaErrors(faultCourseSchema, course, '$.course'),
    ...(read.success ? checkFaultCourse(definition, read.data, '$.course') : []),
  ];
  const schedule = read.success ? read.data.schedule : undefined;
  if (schedule?.type === 'at' && leaseMs !== null && schedule.afterMs >= leaseMs)
    errors.push({
      path: '$.course.schedule.afterMs',
      message: t('it comes off after {{leaseMs}} ms, before its first time', { leaseMs }),
      nextStep: t('Leave it on for longer.'),
    });
  return errors;
}

/** Puts the fault on everything in the scope, as its form says; `replica` instead of the one that the form names. */
export async function injectDraft(definition: FaultDefinition, scope: FaultScope, replica?: number): Promise<void> {
  const draft = useDrafts.getState().drafts[keyOf(definition.fault, scope)] ?? initialDraft(definition, scope);
  const where = replica === undefined ? draft.where : { replica, select: 'replica' as const };
  const targets = targetsOf(scope, definition, where, useDocument.getState().document);
  const { parameters, leaseMs } = draft;
  const course = faultCourseSchema.parse(draft.course);
  await Promise.all(
    targets.map((target) => inject({ fault: definition.fault, target, parameters, leaseMs, ...course })),
  );
}
