import { Tooltip } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconLoader } from '@tabler/icons-react';
import type { FaultStatus, Proof } from '../../engine/api/types.ts';
import { said } from '../i18n/said.ts';
import { t, useT } from '../i18n/t.ts';
import classes from './faults.module.css';

export function proofText(what: 'effect' | 'removal', holds: boolean): string {
  if (what === 'effect') return holds ? t('effect shown') : t('effect not shown');
  return holds ? t('removal shown') : t('removal not shown');
}

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
  const t = useT();
  if (!proof)
    return pending ? (
      <span className={classes.proof} data-proof={what} data-holds="pending">
        <IconLoader size={13} aria-hidden />{' '}
        {what === 'effect' ? t('measuring the effect') : t('measuring the removal')}
      </span>
    ) : null;
  const Icon = proof.holds ? IconCircleCheck : IconCircleX;
  return (
    <Tooltip label={said(proof.evidence)} withinPortal>
      <span className={classes.proof} data-proof={what} data-holds={proof.holds}>
        <Icon size={13} aria-hidden /> {proofText(what, proof.holds)}
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
