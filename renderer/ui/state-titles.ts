import type { NodeState } from '../../engine/api/types.ts';
import { type Key, key } from '../i18n/t.ts';

export const stateTitles: Record<NodeState, Key> = {
  starting: key('starting'),
  ready: key('ready'),
  degraded: key('degraded'),
  paused: key('paused'),
  dead: key('dead'),
  stopping: key('stopping'),
  stopped: key('stopped'),
};
