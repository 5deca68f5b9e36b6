import type { Verdict } from '../api/types.ts';
import type { ErrorCode } from '../model/error.ts';

/** What the command ends with. Scripts and CI rely on these. */
export const exitCodes = { ok: 0, failed: 1, badInput: 2, inconclusive: 3, aborted: 4 } as const;

export const verdictExitCodes: Record<Verdict, number> = {
  passed: exitCodes.ok,
  failed: exitCodes.failed,
  inconclusive: exitCodes.inconclusive,
  aborted: exitCodes.aborted,
};

const badInput: readonly ErrorCode[] = [
  'document-invalid',
  'document-unreadable',
  'not-found',
  'file-unwritable',
  'document-untrusted',
  'address-invalid',
];

/** `otherwise` is what the command ends with when the input is not to blame. */
export const errorExitCode = (code: ErrorCode, otherwise: number): number =>
  badInput.includes(code) ? exitCodes.badInput : otherwise;
