import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { messageAct } from '../message-act.ts';
import type { slowConsumerDefinition } from './definition.ts';

export type SlowConsumerParameters = z.output<(typeof slowConsumerDefinition)['parameters']>;

export const actSlowConsumer: StartAct<SlowConsumerParameters> = messageAct('consume', ({ delayMs }) => ({ delayMs }));
