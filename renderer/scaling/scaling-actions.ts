import type { Strategy } from '../../engine/model/deploy.ts';
import { engine } from '../engine-client/client.ts';
import { shownError } from '../engine-client/errors.ts';
import { t } from '../i18n/t.ts';
import { closeStep, edit } from '../stores/document.ts';
import { changeNode } from '../stores/document-edits.ts';
import { showError } from '../stores/session.ts';
import { withValueAt } from '../stores/value-at.ts';

/** Sets how many replicas a node has, in the document and, at once, in what runs. */
export async function scaleTo(node: string, field: string, replicas: number): Promise<void> {
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
