import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { messageAct } from '../message-act.ts';
import type { duplicateDefinition } from './definition.ts';

export type DuplicateParameters = z.output<(typeof duplicateDefinition)['parameters']>;

export const actDuplicate: StartAct<DuplicateParameters> = messageAct('consume', () => ({ comesTwice: true }));
