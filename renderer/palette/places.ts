import { IconBuilding, IconServer2, IconUsersGroup } from '@tabler/icons-react';
import { key } from '../i18n/t.ts';

/** What nodes can stand in, as the palette offers it. */
export const places = [
  {
    kind: 'host',
    title: key('Host'),
    help: key(
      'A machine that nodes share: a fault on it hits all of them, and a budget says how many processes fit. Click with cards selected to put it around them.',
    ),
    Icon: IconServer2,
  },
  {
    kind: 'zone',
    title: key('Zone'),
    help: key('A part of a data centre, with hosts and nodes in it: it fails as a whole, or grows slow to reach.'),
    Icon: IconBuilding,
  },
  {
    kind: 'team',
    title: key('Team'),
    help: key(
      'What one team answers for: nodes, hosts and zones together, with their figures summed up. Nothing about how they run.',
    ),
    Icon: IconUsersGroup,
  },
] as const;
