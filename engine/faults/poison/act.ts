import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { messageAct } from '../message-act.ts';
import type { poisonDefinition } from './definition.ts';

export type PoisonParameters = z.output<(typeof poisonDefinition)['parameters']>;

export const actPoison: StartAct<PoisonParameters> = messageAct('publish', () => ({ isPoisoned: true }));
