import { injectMessageAct } from '../inject-message-act.ts';
import type { DuplicateParameters } from './act.ts';

export const injectDuplicate = injectMessageAct<DuplicateParameters>('duplicate', 'came a second time');
