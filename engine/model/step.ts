import { z } from 'zod';
import { stepFields } from './actions/step-fields.ts';
import {
  deployStep,
  editStep,
  faultStep,
  foreignStep,
  observeStep,
  probeStep,
  rewindStep,
  scaleStep,
  trafficStep,
  waitForStep,
  waitStep,
  waitUntilStep,
} from './actions/steps.ts';

/** What a method does, one at a time. A new action is a schema, its line here, and its line in `experiments/actions/`. */
const simpleSteps = [
  waitStep,
  faultStep,
  scaleStep,
  deployStep,
  rewindStep,
  observeStep,
  editStep,
  trafficStep,
  probeStep,
  waitUntilStep,
  waitForStep,
  foreignStep,
] as const;

export const simpleStepSchema = z.discriminatedUnion('type', [...simpleSteps]);

/** Steps of each branch run one after the other, and the branches side by side. */
export const parallelStep = z.strictObject({
  type: z.literal('parallel'),
  branches: z.array(z.array(simpleStepSchema).min(1)).min(1).max(16),
  ...stepFields,
});

export const methodStepSchema = z.discriminatedUnion('type', [...simpleSteps, parallelStep]);

/** What can put things back. It is done for good: what has a duration or is undone by itself has no place here. */
export const rollbackStepSchema = z.discriminatedUnion('type', [
  waitStep,
  scaleStep,
  editStep,
  trafficStep,
  probeStep,
  waitUntilStep,
  foreignStep,
]);

export type SimpleStep = z.infer<typeof simpleStepSchema>;
export type MethodStep = z.infer<typeof methodStepSchema>;

/** A step with where it stands, such as `[1].branches[0][2]`. */
export interface PlacedStep {
  step: SimpleStep;
  place: string;
}

/** The steps of a method without the parallels around them, in the order in which they are written. */
export const stepsOf = (method: readonly MethodStep[]): PlacedStep[] =>
  method.flatMap((step, index): PlacedStep[] =>
    step.type === 'parallel'
      ? step.branches.flatMap((branch, at) =>
          branch.map((inner, position) => ({ step: inner, place: `[${index}].branches[${at}][${position}]` })),
        )
      : [{ step, place: `[${index}]` }],
  );
