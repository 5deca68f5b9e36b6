import type { MessageState } from '../../engine/model/peek.ts';
import { type Key, key } from '../i18n/t.ts';

export const stateTitles: Record<MessageState, Key> = {
  unacknowledged: key('unacknowledged'),
  waiting: key('waiting'),
  delayed: key('delayed'),
  'dead-lettered': key('dead-lettered'),
  read: key('read by all groups'),
};
