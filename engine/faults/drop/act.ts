import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { messageAct } from '../message-act.ts';
import type { dropDefinition } from './definition.ts';

export type DropParameters = z.output<(typeof dropDefinition)['parameters']>;

export const actDrop: StartAct<DropParameters> = messageAct('publish', () => ({ isDropped: true }));
