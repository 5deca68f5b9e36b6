import type { z } from 'zod';
import type { StartAct } from '../act.ts';
import { messageAct } from '../message-act.ts';
import type { confirmLostDefinition } from './definition.ts';

export type ConfirmLostParameters = z.output<(typeof confirmLostDefinition)['parameters']>;

export const actConfirmLost: StartAct<ConfirmLostParameters> = messageAct('publish', () => ({
  losesConfirmation: true,
}));
