import type { DocumentError } from '../definition.ts';
import { type Loose, list, object, oneOf, text } from './outline.ts';

export interface RawStep {
  step: Loose;
  path: string;
}

/** The steps of a method in the document, those within parallels in their place. */
export const rawSteps = (method: unknown, path: string): RawStep[] =>
  list(method).flatMap((raw, index): RawStep[] => {
    const step = object(raw);
    const at = `${path}[${index}]`;
    const inner = list(step.branches).flatMap((branch, number) => rawSteps(branch, `${at}.branches[${number}]`));
    return [{ step, path: at }, ...inner];
  });

/**
 * Steps that wait for others can come to an end. Each step is two moments: it begins and it ends. What must have happened
 * before is an arrow, and where the arrows lead in a circle, nobody would ever go on.
 */
export function checkStepOrder(method: unknown, path: string): DocumentError[] {
  const steps = rawSteps(method, path);
  const named = new Map<string, string>();
  const errors: DocumentError[] = [];
  for (const { step, path: at } of steps) {
    const name = text(step.name);
    if (name === null) continue;
    if (named.has(name))
      errors.push({
        path: `${at}.name`,
        message: `there is a step "${name}" already`,
        nextStep: 'Choose another name.',
      });
    else named.set(name, at);
  }
  const before = new Map<string, string[]>();
  const after = (moment: string, earlier: string): void => {
    before.set(moment, [...(before.get(moment) ?? []), earlier]);
  };
  const sequence = (raw: unknown, at: string, start: string | null): string[] => {
    let previous = start;
    const ends: string[] = [];
    for (const [index, value] of list(raw).entries()) {
      const step = object(value);
      const here = `${at}[${index}]`;
      if (previous !== null) after(`${here} begun`, previous);
      after(`${here} ended`, `${here} begun`);
      for (const [number, branch] of list(step.branches).entries())
        for (const end of sequence(branch, `${here}.branches[${number}]`, `${here} begun`)) after(`${here} ended`, end);
      if (step.type === 'wait-for') {
        const target = named.get(text(step.step) ?? '');
        if (target) after(`${here} ended`, `${target} ${step.until === 'begun' ? 'begun' : 'ended'}`);
      }
      previous = `${here} ${step.background === true ? 'begun' : 'ended'}`;
      ends.push(`${here} ended`);
    }
    return ends;
  };
  sequence(method, path, null);

  for (const { step, path: at } of steps) {
    const wanted = text(step.step);
    if (step.type !== 'wait-for' || wanted === null || wanted === '') continue;
    if (!named.has(wanted))
      errors.push({
        path: `${at}.step`,
        message: `there is no step "${wanted}"`,
        nextStep: oneOf([...named.keys()], 'Give the step a name.'),
      });
    else if (leadsTo(`${at} ended`, `${at} ended`, before))
      errors.push({
        path: `${at}.step`,
        message: `waits for "${wanted}", which cannot come before this wait is over`,
        nextStep: 'Let it run in another branch or in the background, and not wait for this one.',
      });
  }
  return errors;
}

/** Whether a moment must have happened before itself. */
function leadsTo(from: string, to: string, before: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [...(before.get(from) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(before.get(next) ?? []));
  }
  return false;
}
