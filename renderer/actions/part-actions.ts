import { kinds } from '../../engine/kinds/index.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import { toggleCollapsed } from '../canvas/fold.ts';
import { key, t } from '../i18n/t.ts';
import { openRequest } from '../requests/request-store.ts';
import { edgesByHand, pathsAlong } from '../requests/targets.ts';
import { restartProcess } from '../running/run-actions.ts';
import { stepReplicas, whyNotScaled } from '../scaling/scaling-actions.ts';
import { useDocument } from '../stores/document.ts';
import { groupKey } from '../stores/group-edits.ts';
import { isReplaying } from '../stores/replay.ts';
import { frameNow } from '../stores/run.ts';
import { showBottom, useSession } from '../stores/session.ts';
import type { Action } from './action.ts';
import { whyReadOnly } from './document-actions.ts';

const document = () => useDocument.getState().document;

const selectedNode = () => {
  const [id, ...others] = useSession.getState().selectedNodes;
  return others.length > 0 ? undefined : document().nodes.find((node) => node.id === id);
};
const selectedGroup = () => {
  const [key, ...others] = useSession.getState().selectedNodes;
  return others.length > 0 ? undefined : document().groups.find(({ id }) => groupKey(id) === key);
};

/** The edge that a request by hand to what is selected goes along. */
const requestEdge = () => {
  const { selectedEdges } = useSession.getState();
  const node = selectedNode();
  return edgesByHand(document()).find(({ id, target }) => selectedEdges.includes(id) || target === node?.id);
};

const deadReplicas = () => {
  const node = selectedNode();
  const status = node && frameNow()?.nodes[node.id];
  return (status?.replicas ?? []).filter(({ state }) => state === 'dead').map(({ replica }) => replica);
};

const replicas = (by: 1 | -1): Action => ({
  id: by === 1 ? 'replica-more' : 'replica-less',
  family: 'Run',
  title: by === 1 ? key('One replica more') : key('One replica less'),
  keywords: key('scale up down replicas'),
  disabled: () => {
    const node = selectedNode();
    if (!node) return t('Select one card first.');
    return whyReadOnly() ?? whyNotScaled(frameNow()?.nodes[node.id]);
  },
  run: () => {
    const node = selectedNode();
    const kind = (kinds as readonly KindDefinition[]).find((definition) => definition.kind === node?.kind);
    const status = node && frameNow()?.nodes[node.id];
    if (kind && status) void stepReplicas(kind, status, by);
  },
});

/** What can be done with the one card, connection or group that is selected. */
export const partActions: readonly Action[] = [
  {
    id: 'send-request',
    family: 'Run',
    title: key('Send a request by hand…'),
    keywords: key('http get post call try'),
    disabled: () =>
      isReplaying()
        ? t('A recorded run is shown; leave it first.')
        : requestEdge()
          ? null
          : t('Select a card that is called over HTTP, or a connection to one.'),
    run: () => {
      const edge = requestEdge();
      if (edge) openRequest(edge.id, pathsAlong(document(), edge.id)[0]);
    },
  },
  replicas(1),
  replicas(-1),
  {
    id: 'restart-dead',
    family: 'Run',
    title: key('Restart what is dead'),
    keywords: key('process replica start again'),
    disabled: () =>
      isReplaying()
        ? t('A recorded run is shown; leave it first.')
        : deadReplicas().length > 0
          ? null
          : t('Select a card with a dead process first.'),
    run: () => {
      const node = selectedNode();
      if (node) for (const replica of deadReplicas()) void restartProcess({ node: node.id, replica });
    },
  },
  {
    id: 'node-log',
    family: 'View',
    title: key('Show the log of what is selected'),
    keywords: key('lines stdout stderr'),
    disabled: () => (selectedNode() ? null : t('Select one card first.')),
    run: () => {
      useSession.setState({ logNode: selectedNode()?.id ?? null, recordedLog: null });
      showBottom('logs');
    },
  },
  {
    id: 'fold-group',
    family: 'Arrange',
    title: key('Collapse or expand the group'),
    titleNow: () => (selectedGroup()?.collapsed ? t('Expand the group') : t('Collapse the group')),
    keywords: key('fold host zone team frame'),
    disabled: () => whyReadOnly() ?? (selectedGroup() ? null : t('Select one group first.')),
    run: () => {
      const group = selectedGroup();
      if (group) toggleCollapsed(group);
    },
  },
];
