import { describe, expect, it } from 'vitest';
import type { FaultStatus, ProbeResult, Verdict } from '../api/types.ts';
import type { FaultRun } from './phases.ts';
import { observedText, wantedText } from './probe-words.ts';
import { decideVerdict, type Findings } from './verdict.ts';

const probe = (changes: Partial<ProbeResult> = {}): ProbeResult => ({
  name: 'served',
  measure: 'success-ratio',
  phase: 'before',
  fault: null,
  window: { fromMs: 0, toMs: 1000 },
  value: 1,
  observed: '1',
  unit: 'ratio',
  samples: 500,
  tolerance: { min: 0.99 },
  wanted: 'at least 0.99',
  margin: 0.01,
  holds: true,
  inconclusive: null,
  evidence: { window: { fromMs: 0, toMs: 1000 }, record: null, counters: {}, looks: [] },
  ...changes,
});

const broken = { value: 0.5, observed: '0.5', holds: false, margin: -0.49 } as const;
const few = { samples: 3, inconclusive: 'It has 3 of the 30 samples that it needs.' } as const;

const status: FaultStatus = {
  id: 'kill-1',
  fault: 'kill',
  target: { node: 'shop', replica: 0 },
  parameters: {},
  course: { probability: 1 },
  seed: 1,
  active: false,
  activations: 1,
  nextAtMs: null,
  state: 'off',
  startedAtMs: 1000,
  expiresAtMs: 20_000,
  endedAtMs: 5200,
  endedBy: 'cleared',
  proofOfEffect: { holds: true, evidence: 'no such process', atMs: 1100 },
  proofOfRemoval: { holds: true, evidence: 'health check answered', atMs: 5300 },
  error: null,
};

const fault = (changes: Partial<FaultStatus> = {}): FaultRun => ({
  status: { ...status, ...changes },
  removalBeganAtMs: 5000,
});
const [before, during, after] = [probe(), probe({ phase: 'during', fault: 'kill-1' }), probe({ phase: 'after' })];

const findings = (changes: Partial<Findings> = {}): Findings => ({
  aborted: null,
  untrusted: [],
  conservation: { holds: true, equation: 'issued 2 = ok 2 + in flight 0' },
  probes: [before, during, after],
  faults: [fault()],
  recoveryMs: 420.4,
  recoveryWithinMs: 5000,
  ...changes,
});

const unproven = { holds: false, evidence: 'the health check was answered', atMs: 1100 };

const rules: [string, Partial<Findings>, Verdict, string | RegExp][] = [
  ['everything holds', {}, 'passed', 'All 3 probes hold, and the steady state held again after 420 ms.'],
  [
    'it was aborted, whatever was measured',
    { aborted: 'It was stopped.', probes: [probe(broken)] },
    'aborted',
    'It was stopped.',
  ],

  [
    'the measurement does not add up, even though a probe failed',
    { conservation: { holds: false, equation: 'issued 3 ≠ ok 2' }, probes: [before, { ...during, ...broken }, after] },
    'inconclusive',
    'The measurement does not add up: issued 3 ≠ ok 2.',
  ],
  ['the host cannot be trusted', { untrusted: ['The machine slept.'] }, 'inconclusive', 'The machine slept.'],
  ['the steady state was not observed', { probes: [] }, 'inconclusive', 'The steady state was not observed.'],
  [
    'the steady state did not hold',
    { probes: [{ ...before, ...broken }] },
    'inconclusive',
    /did not hold before: "served" measured 0.5, must be at least 0.99 \(500 samples\)\.$/,
  ],
  [
    'the steady state had too few samples',
    { probes: [{ ...before, ...few }, during, after] },
    'inconclusive',
    /has 3 of the 30/,
  ],
  ['no fault was injected', { faults: [] }, 'inconclusive', /No fault was injected/],
  [
    'a fault has no proof of effect',
    { faults: [fault({ proofOfEffect: null })] },
    'inconclusive',
    /no proof of its effect/,
  ],
  [
    'a fault could not act',
    { faults: [fault({ proofOfEffect: null, state: 'failed', error: 'gone' })] },
    'inconclusive',
    /could not act: gone/,
  ],
  [
    'a fault had no effect',
    { faults: [fault({ proofOfEffect: unproven })] },
    'inconclusive',
    /no proven effect: the health check was answered/,
  ],
  [
    'a fault has no proof of removal',
    { faults: [fault({ proofOfRemoval: null })] },
    'inconclusive',
    /no proof of its removal/,
  ],
  [
    'a fault may still be on',
    { faults: [fault({ proofOfRemoval: unproven })] },
    'inconclusive',
    /not proven to be off/,
  ],
  [
    'a fault failed to come off',
    { faults: [fault({ state: 'failed', proofOfRemoval: null, error: 'port taken' })] },
    'inconclusive',
    /removal: port taken/,
  ],
  ['a fault came off early', { faults: [fault({ endedAtMs: 3000 })] }, 'inconclusive', /came off before its time/],
  ['a lease ran out', { faults: [fault({ endedBy: 'lease' })] }, 'inconclusive', /before its time \(lease\)/],
  [
    'the second of two faults is not proven',
    { faults: [fault(), fault({ id: 'kill-2', proofOfEffect: unproven })] },
    'inconclusive',
    /kill-2/,
  ],

  [
    'a probe failed during the fault',
    { probes: [before, { ...during, ...broken }, after] },
    'failed',
    /^during kill-1: "served" measured 0.5/,
  ],
  ['a probe failed after it', { probes: [before, during, { ...after, ...broken }] }, 'failed', /^after: "served"/],
  ['the steady state did not come back in time', { recoveryMs: null }, 'failed', /did not hold again within 5000 ms/],
  [
    'one probe failed and another had too few samples',
    { probes: [before, { ...during, ...few }, { ...during, name: 'orders', ...broken }, after] },
    'failed',
    /"orders" measured 0.5/,
  ],

  [
    'a probe had too few samples during the fault',
    { probes: [before, { ...during, ...few }, after] },
    'inconclusive',
    /has 3 of the 30/,
  ],
  [
    'a probe out of tolerance had too few samples',
    { probes: [before, { ...during, ...broken, ...few }, after] },
    'inconclusive',
    /measured 0.5, .* has 3 of the 30/,
  ],
  [
    'nothing was measured during the fault',
    { probes: [before, after] },
    'inconclusive',
    'Nothing was measured during the fault.',
  ],
  [
    'nothing was measured after it',
    { probes: [before, during] },
    'inconclusive',
    'Nothing was measured after the fault.',
  ],
];

describe('the verdict', () => {
  it.each(rules)('when %s', (_, changes, verdict, reason) => {
    const decided = decideVerdict(findings(changes));
    expect(decided.verdict).toBe(verdict);
    if (typeof reason === 'string') expect(decided.reasons[0]).toBe(reason);
    else expect(decided.reasons[0]).toMatch(reason);
  });

  it('gives every reason, not only the first', () => {
    const { reasons } = decideVerdict(
      findings({ probes: [before, { ...during, ...broken }, { ...after, ...broken }], recoveryMs: null }),
    );
    expect(reasons).toHaveLength(3);
  });

  it('writes values in the unit of their probe', () => {
    const slow = probe({
      phase: 'during',
      unit: 'ms',
      value: 212.34,
      observed: observedText(212.34, 'ms'),
      tolerance: { min: 10, max: 200 },
      wanted: wantedText({ min: 10, max: 200 }, 'ms'),
      holds: false,
      margin: -12.34,
    });
    expect(decideVerdict(findings({ probes: [before, slow, after] })).reasons[0]).toBe(
      'during: "served" measured 212.3 ms, must be at least 10 ms and at most 200 ms (500 samples).',
    );
  });
});
