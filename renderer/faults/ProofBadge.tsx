import { Tooltip } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconLoader } from '@tabler/icons-react';
import type { FaultStatus, Proof } from '../../engine/api/types.ts';
import classes from './faults.module.css';

/** Whether a measurement showed what it should; what was seen is in the tooltip and in the name. */
export function ProofBadge({
  what,
  proof,
  pending,
}: {
  what: 'effect' | 'removal';
  proof: Proof | null;
  pending: boolean;
}) {
  if (!proof)
    return pending ? (
      <span className={classes.proof} data-proof={what} data-holds="pending">
        <IconLoader size={13} aria-hidden /> measuring the {what}
      </span>
    ) : null;
  const Icon = proof.holds ? IconCircleCheck : IconCircleX;
  return (
    <Tooltip label={proof.evidence} withinPortal>
      <span className={classes.proof} data-proof={what} data-holds={proof.holds}>
        <Icon size={13} aria-hidden /> {what} {proof.holds ? 'shown' : 'not shown'}
      </span>
    </Tooltip>
  );
}

/** The proof that counts now: of the removal as soon as it comes off, else of the effect. */
export function NewestProof({ fault }: { fault: FaultStatus }) {
  const { state, activations, proofOfEffect, proofOfRemoval } = fault;
  return state === 'ending' || proofOfRemoval ? (
    <ProofBadge what="removal" proof={proofOfRemoval} pending />
  ) : (
    <ProofBadge what="effect" proof={proofOfEffect} pending={state === 'on' && activations > 0} />
  );
}

export function ProofsOf({ fault }: { fault: FaultStatus }) {
  const { state, activations, proofOfEffect, proofOfRemoval } = fault;
  return (
    <>
      <ProofBadge what="effect" proof={proofOfEffect} pending={state === 'on' && activations > 0} />
      <ProofBadge what="removal" proof={proofOfRemoval} pending={state === 'ending'} />
    </>
  );
}
