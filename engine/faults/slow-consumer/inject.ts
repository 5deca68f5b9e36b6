import { injectMessageAct } from '../inject-message-act.ts';
import type { SlowConsumerParameters } from './act.ts';

export const injectSlowConsumer = injectMessageAct<SlowConsumerParameters>('slow-consumer', 'were begun later');
