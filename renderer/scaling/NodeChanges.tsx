import { Stack } from '@mantine/core';
import type { NodeStatus } from '../../engine/api/types.ts';
import type { KindDefinition } from '../../engine/model/definition.ts';
import type { ArchipelNode } from '../../engine/model/document.ts';
import { replicaCounting } from '../../engine/model/replica-count.ts';
import { AutoscalerFigures } from './AutoscalerFigures.tsx';
import { DeployControl } from './DeployControl.tsx';
import { ReplicaStepper } from './ReplicaStepper.tsx';

/** How many replicas a running node has, and of which version. */
export function NodeChanges({ node, kind, status }: { node: ArchipelNode; kind: KindDefinition; status: NodeStatus }) {
  return (
    <Stack gap="md">
      {replicaCounting(kind).field in kind.config.shape && <ReplicaStepper node={node} kind={kind} status={status} />}
      {status.autoscaler && <AutoscalerFigures autoscaler={status.autoscaler} />}
      {status.version !== null && <DeployControl node={node} status={status} />}
    </Stack>
  );
}
