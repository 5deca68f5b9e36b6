import type { ArchipelDocument } from '../../engine/model/document.ts';
import { type Sweep, sweepSchema } from '../../engine/model/sweep.ts';
import { type Key, key, t } from '../i18n/t.ts';
import { edit, useDocument } from '../stores/document.ts';
import { freeId } from '../stores/document-edits.ts';
import { type SweepPlace, useSession } from '../stores/session.ts';

export const sweepTypes = ['knee', 'replicas', 'retries-timeout', 'hysteresis'] as const;

export const sweepTitles: Record<Sweep['type'], Key> = {
  knee: key('Capacity knee'),
  replicas: key('Replica curve'),
  'retries-timeout': key('Retries × timeout'),
  hysteresis: key('Hysteresis'),
};

/** What each asks, in a sentence. */
export const sweepQuestions: Record<Sweep['type'], Key> = {
  knee: key('How much can arrive until not all of it is served?'),
  replicas: key('What do more replicas bring, and from where on nothing?'),
  'retries-timeout': key('Which timeout and how many attempts answer most?'),
  hysteresis: key('Does an overload outlive its cause?'),
};

/** Members of that type: the form of one sweep, without the choice between all. */
export const schemaOfSweep = (type: Sweep['type']) => {
  const found = sweepSchema.options.find((option) => option.shape.type.value === type);
  if (!found) throw new Error(`There is no sweep "${type}".`);
  return found;
};

const meanRate = (document: ArchipelDocument, name: string): number => {
  const traffic = document.scenarios.find((scenario) => scenario.name === name)?.traffic ?? [];
  const rates = traffic.map((source) => ('ratePerSec' in source ? source.ratePerSec : 0));
  return Math.max(1, Math.round(rates.reduce((sum, rate) => sum + rate, 0))) || 10;
};

/** A sweep to start from, about what the document has first. Null while that is missing. */
export function newSweep(type: Sweep['type'], document: ArchipelDocument): Sweep | null {
  const scenario = document.scenarios[0]?.name;
  const scaled = document.nodes.find(({ config }) => typeof config.replicas === 'number') ?? document.nodes.at(-1);
  const edge = document.edges.at(-1)?.id;
  if (scenario === undefined || !scaled || edge === undefined) return null;
  const name = freeId(
    type,
    document.sweeps.map((sweep) => sweep.name),
  );
  const shared = { type, name, title: t(sweepTitles[type]), scenario };
  const rate = meanRate(document, scenario);
  const own: Record<Sweep['type'], object> = {
    knee: { startRatePerSec: rate, maxRatePerSec: Math.min(50_000, rate * 50) },
    replicas: { node: scaled.id, replicas: [1, 2, 4] },
    'retries-timeout': { edge, timeoutsMs: [100, 250, 500], attempts: [1, 2, 3] },
    hysteresis: { ratesPerSec: [rate, rate * 2, rate * 4] },
  };
  return sweepSchema.parse({ ...shared, ...own[type] });
}

export function addSweep(sweep: Sweep): void {
  const place = useDocument.getState().document.sweeps.length;
  edit((document) => ({ ...document, sweeps: [...document.sweeps, sweep] }), {
    name: t('create “{{title}}”', { title: sweep.title }),
  });
  openSweep(place);
}

export function removeSweep(index: number): void {
  const sweep = useDocument.getState().document.sweeps[index];
  edit((document) => ({ ...document, sweeps: document.sweeps.filter((_, other) => other !== index) }), {
    name: t('delete “{{title}}”', { title: sweep?.title || sweep?.name || '' }),
  });
  openSweep(Math.max(0, index - 1));
}

export const openSweep = (sweep: SweepPlace): void => useSession.setState({ sweep });
