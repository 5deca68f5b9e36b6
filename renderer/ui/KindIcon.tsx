import {
  IconApps,
  IconArrowsSplit2,
  IconBolt,
  IconBox,
  IconBrandNextjs,
  IconClock,
  IconCloud,
  IconCube,
  IconDatabase,
  IconLambda,
  IconPlugConnected,
  IconRoute2,
  IconStack2,
  IconTerminal2,
  IconTimeline,
  IconUsers,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { kinds } from '../../engine/kinds/index.ts';
import classes from './KindIcon.module.css';

const icons: Partial<Record<string, TablerIcon>> = {
  client: IconUsers,
  scheduler: IconClock,
  gateway: IconArrowsSplit2,
  server: IconApps,
  service: IconCube,
  'function-lambda': IconLambda,
  'function-workers': IconCloud,
  'function-next': IconBrandNextjs,
  command: IconTerminal2,
  database: IconDatabase,
  cache: IconBolt,
  'broker-redis': IconStack2,
  'broker-kafka': IconTimeline,
  'broker-rabbitmq': IconRoute2,
};

/** For kinds that have no icon of their own yet. */
const familyIcons: Record<string, TablerIcon> = {
  traffic: IconUsers,
  edge: IconPlugConnected,
  compute: IconCube,
  storage: IconDatabase,
  messaging: IconStack2,
};

export function KindIcon({ kind, size = 32 }: { kind: string; size?: number }) {
  const family = kinds.find((definition) => definition.kind === kind)?.family ?? 'compute';
  const Icon = icons[kind] ?? familyIcons[family] ?? IconBox;
  return (
    <span className={classes.tile} data-family={family} style={{ width: size, height: size }} aria-hidden>
      <Icon size={Math.round(size * 0.58)} stroke={1.8} />
    </span>
  );
}
