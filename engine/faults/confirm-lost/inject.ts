import { injectMessageAct } from '../inject-message-act.ts';
import type { ConfirmLostParameters } from './act.ts';

export const injectConfirmLost = injectMessageAct<ConfirmLostParameters>(
  'confirm-lost',
  'were sent without their confirmation being heard',
);
