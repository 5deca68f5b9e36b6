import type { NodeStatus } from '../../engine/api/types.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import type { Strategy } from '../../engine/model/deploy.ts';
import { replicaCounting } from '../../engine/model/replica-count.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
import { closeStep, edit } from '../stores/document.ts';
import { changeNode } from '../stores/document-edits.ts';
import { showError } from '../stores/session.ts';
import { withValueAt } from '../stores/value-at.ts';

/** Sets how many replicas a node has, in the document and, at once, in what runs. */
async function scaleTo(node: string, field: string, replicas: number): Promise<void> {
  edit(
    (document) =>
      changeNode(document, node, (before) => ({ ...before, config: withValueAt(before.config, [field], replicas) })),
    { step: `config ${node} ${field}` },
  );
  closeStep();
  try {
    await engine.topology.scale.mutate({ node, replicas });
  } catch (error) {
    showError(t('The node was not scaled'), shownError(error));
  }
}

export const MOST_REPLICAS = 64;

/** Why its replicas cannot be changed by hand now; null when they can. */
export function whyNotScaled(status: NodeStatus | undefined): string | null {
  if (!status) return t('It does not run.');
  if (status.autoscaler) return t('The autoscaler decides.');
  const { state } = status.deploy ?? {};
  return state === 'rolling-out' || state === 'rolling-back' ? t('A deploy is under way.') : null;
}

/** One replica more, or one less, as far as there may be. */
export async function stepReplicas(kind: KindDefinition, status: NodeStatus, by: 1 | -1): Promise<void> {
  const { field, besides } = replicaCounting(kind);
  const wanted = status.desiredReplicas - besides + by;
  if (wanted >= 0 && wanted <= MOST_REPLICAS) await scaleTo(status.id, field, wanted);
}

/** Null: by the strategy in the node's settings. */
export async function deployVersion(node: string, version: string, strategy: Strategy | null): Promise<void> {
  try {
    await engine.topology.deploy.mutate({ node, version, strategy: strategy ?? undefined });
  } catch (error) {
    showError(t('The version was not deployed'), shownError(error));
  }
}

export async function rollBack(node: string): Promise<void> {
  try {
    await engine.topology.rollBack.mutate({ node });
  } catch (error) {
    showError(t('The deploy was not rolled back'), shownError(error));
  }
}
