import { injectMessageAct } from '../inject-message-act.ts';
import type { ReorderParameters } from './act.ts';

export const injectReorder = injectMessageAct<ReorderParameters>('reorder', 'were held back before they were sent');
