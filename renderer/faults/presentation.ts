import { IconBolt, IconClockPause, IconPlayerPause, IconSkull, type Icon as TablerIcon } from '@tabler/icons-react';
import { faults } from '../../engine/faults/index.ts';
import type { FaultDefinition } from '../../engine/model/definition.ts';

const all = faults as unknown as readonly FaultDefinition[];

export const faultDefinition = (id: string): FaultDefinition | undefined =>
  all.find((definition) => definition.fault === id);

/** The faults that can act on a node's processes, in the order of the catalogue. */
export const faultsOfKind = (ids: readonly string[]): FaultDefinition[] =>
  all.filter(({ fault, target }) => target === 'process' && ids.includes(fault));

export const edgeFaults = all.filter(({ target }) => target === 'edge');

const icons: Partial<Record<string, TablerIcon>> = { kill: IconSkull, pause: IconPlayerPause, latency: IconClockPause };
export const faultIcon = (id: string): TablerIcon => icons[id] ?? IconBolt;

/** What a button that injects it says; its title where that is a verb already. */
const verbs: Partial<Record<string, string>> = { latency: 'Slow' };
export const faultVerb = (definition: FaultDefinition): string => verbs[definition.fault] ?? definition.title;

/** What to know about a fault on the engine's operating system, or null. */
export const faultLimit = (definition: FaultDefinition, platform: string | undefined): string | null =>
  (platform && definition.limits[platform as NodeJS.Platform]) || null;
