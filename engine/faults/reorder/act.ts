import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { messageAct } from '../message-act.ts';
import type { reorderDefinition } from './definition.ts';

export type ReorderParameters = z.output<(typeof reorderDefinition)['parameters']>;

export const actReorder: StartAct<ReorderParameters> = messageAct('publish', ({ holdMs }) => ({ holdMs }));
