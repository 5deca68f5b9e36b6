/**
 * Epoch milliseconds as the operating system has them. The fault clock-skew moves what the rest of the program reads from
 * `Date`; frames and leases go by this one.
 */
export const trueNowMs: () => number = Date.now;
