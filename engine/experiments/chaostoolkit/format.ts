/** Under which Archipel keeps its own in an experiment of Chaos Toolkit. */
export const EXTENSION = 'x-archipel';

/** The provider of what only Archipel can do. Chaos Toolkit keeps it and cannot run it. */
export const PROVIDER_MODULE = 'archipel';

/** A probe or an action of Chaos Toolkit, as far as it is looked at. */
export interface Activity {
  type?: unknown;
  name?: unknown;
  tolerance?: unknown;
  provider?: unknown;
  pauses?: unknown;
  background?: unknown;
  [field: string]: unknown;
}

export interface ToolkitExperiment {
  title: string;
  description: string;
  'steady-state-hypothesis': { title: string; probes: Activity[] };
  method: Activity[];
  rollbacks: Activity[];
  extensions: { name: string; [field: string]: unknown }[];
  [field: string]: unknown;
}

export type Loose = Record<string, unknown>;

export const object = (value: unknown): Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
