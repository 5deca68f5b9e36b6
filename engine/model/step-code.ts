import type { Step } from './handler.ts';

/** The code in steps, with its JSON path. It runs only in documents that the user has trusted. */
export const codeOfSteps = (steps: readonly Step[], path: string): { path: string; text: string }[] =>
  steps.flatMap((step, index) => {
    const at = `${path}[${index}]`;
    if (step.do === 'code') return [{ path: `${at}.source`, text: step.source }];
    return 'steps' in step ? codeOfSteps(step.steps as Step[], `${at}.steps`) : [];
  });
