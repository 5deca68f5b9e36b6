import { injectMessageAct } from '../inject-message-act.ts';
import type { PoisonParameters } from './act.ts';

export const injectPoison = injectMessageAct<PoisonParameters>('poison', 'were published that nobody can handle');
