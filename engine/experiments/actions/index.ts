import type { StepResult } from '../../api/types.ts';
import { ArchipelError } from '../../model/error.ts';
import type { SimpleStep } from '../../model/step.ts';
import type { Course } from '../course.ts';
import type { Action } from './define-action.ts';
import { deploy } from './deploy.ts';
import { edit } from './edit.ts';
import { fault } from './fault.ts';
import { observe } from './observe.ts';
import { probe } from './probe.ts';
import { rewind } from './rewind.ts';
import { scale } from './scale.ts';
import { traffic } from './traffic.ts';
import { wait, waitFor, waitUntil } from './waits.ts';

/** What steps do, by their type. It does not compile without a line for each type of step. */
const actions: { [Type in SimpleStep['type']]: Action<Type> } = {
  wait,
  fault,
  scale,
  deploy,
  rewind,
  observe,
  edit,
  traffic,
  probe,
  'wait-until': waitUntil,
  'wait-for': waitFor,
  foreign: () => {
    throw new ArchipelError(
      'wrong-state',
      'A step of another tool cannot be run.',
      'Put a step of Archipel in its place.',
    );
  },
};

export const runAction = (course: Course, step: SimpleStep, result: StepResult): Promise<boolean> =>
  (actions[step.type] as Action<SimpleStep['type']>)(course, step, result);
