import { injectMessageAct } from '../inject-message-act.ts';
import type { DropParameters } from './act.ts';

export const injectDrop = injectMessageAct<DropParameters>('drop', 'were confirmed to their publisher and not sent');
