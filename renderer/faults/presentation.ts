import {
  IconAdjustments,
  IconBolt,
  IconClockPause,
  IconCpu,
  IconDatabaseExclamation,
  IconLambda,
  IconMailExclamation,
  IconNetwork,
  IconPlayerPause,
  IconServerBolt,
  IconSkull,
  IconStack2,
  IconUsersGroup,
  IconWorldX,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { faults } from '../../engine/faults/index.ts';
import type { FaultDefinition, FaultFamily } from '../../engine/model/definition.ts';
import { said } from '../i18n/said.ts';
import { type Key, key, t } from '../i18n/t.ts';

export const allFaults = faults as unknown as readonly FaultDefinition[];

export const faultDefinition = (id: string): FaultDefinition | undefined =>
  allFaults.find((definition) => definition.fault === id);

export const faultTitle = (id: string): string => said(faultDefinition(id)?.title ?? id);

/** In the order of the menus. */
export const familyTitles: Record<FaultFamily, Key> = {
  process: key('Process'),
  resource: key('Resources'),
  network: key('Network'),
  http: key('HTTP'),
  storage: key('Storage'),
  messaging: key('Messaging'),
  traffic: key('Traffic'),
  control: key('Control plane'),
  function: key('Function'),
  group: key('Host and zone'),
};

const familyIcons: Record<FaultFamily, TablerIcon> = {
  process: IconServerBolt,
  resource: IconCpu,
  network: IconNetwork,
  http: IconWorldX,
  storage: IconDatabaseExclamation,
  messaging: IconMailExclamation,
  traffic: IconUsersGroup,
  control: IconAdjustments,
  function: IconLambda,
  group: IconStack2,
};
const icons: Partial<Record<string, TablerIcon>> = { kill: IconSkull, pause: IconPlayerPause, latency: IconClockPause };

export function faultIcon(id: string): TablerIcon {
  const family = faultDefinition(id)?.family;
  return icons[id] ?? (family ? familyIcons[family] : IconBolt);
}

/** The most used ones have a button on the canvas. */
const quick = ['kill', 'pause', 'latency'];

/** The quick faults of a node's kind, in the order of the catalogue. */
export const quickFaultsOf = (ids: readonly string[]): FaultDefinition[] =>
  allFaults.filter(({ fault, target }) => target === 'process' && quick.includes(fault) && ids.includes(fault));

export const quickEdgeFaults = allFaults.filter(({ fault, target }) => target === 'edge' && quick.includes(fault));

/** What a button that injects it says; its title where that is a verb already. */
const verbs: Partial<Record<string, Key>> = { latency: key('Slow') };
export function faultVerb({ fault, title }: FaultDefinition): string {
  const verb = verbs[fault];
  return verb ? t(verb) : said(title);
}

/** What to know about a fault on the engine's operating system, or null. */
export const faultLimit = (definition: FaultDefinition, platform: string | undefined): string | null =>
  said((platform && definition.limits[platform as NodeJS.Platform]) ?? '') || null;

/** What the probability of a fault is drawn for. */
export const drawnForText: Record<NonNullable<FaultDefinition['probability']>, Key> = {
  request: key('Its probability is drawn for each request.'),
  connection: key('Its probability is drawn for each connection.'),
  message: key('Its probability is drawn for each message.'),
  activation: key('Its probability is drawn for each time that its schedule puts it on.'),
};
