import fc from 'fast-check';
import { type Experiment, experimentSchema } from '../../../engine/model/experiment.ts';

const ms = fc.integer({ min: 1, max: 60_000 });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const word = fc.stringMatching(/^[a-z]{1,8}$/);

const fields = fc.record({
  background: optional(fc.boolean()),
  pauses: optional(fc.record({ beforeMs: ms, afterMs: ms }, { requiredKeys: [] })),
});

const probe = fc.record({
  name: word,
  measure: fc.oneof(
    fc.constant({ type: 'success-ratio' }),
    fc.record({ type: fc.constant('latency'), percentile: fc.constantFrom(50, 99) }),
    fc.record({ type: fc.constant('http'), node: word, path: fc.constant('/health') }),
  ),
  tolerance: fc.oneof(
    fc.constant({ min: 0.9 }),
    fc.constant({ equals: 200 }),
    fc.constant({ expression: 'value >= before' }),
    fc.constant({ jsonPath: '$.ok', expect: true }),
  ),
});

const target = fc.oneof(
  fc.record({ node: word, replica: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ edge: word }),
  fc.record({ edges: fc.array(word, { minLength: 1, maxLength: 3 }), select: fc.constant({ percent: 50 }) }),
  fc.record({ topology: fc.constant(true), select: fc.constant('one') }),
);
const schedule = fc.oneof(
  fc.record({ type: fc.constant('at'), afterMs: ms }),
  fc.record({ type: fc.constant('every'), periodMs: ms, onMs: ms }),
);

const kinds: fc.Arbitrary<object>[] = [
  fc.record({ type: fc.constant('wait'), durationMs: ms }),
  fc.record(
    {
      type: fc.constant('fault'),
      fault: word,
      target,
      durationMs: ms,
      rampMs: ms,
      schedule,
      parameters: fc.constant({ latencyMs: 5 }),
    },
    { requiredKeys: ['type', 'fault', 'target', 'durationMs'] },
  ),
  fc.record(
    { type: fc.constant('scale'), node: word, replicas: fc.nat(9), durationMs: ms },
    { requiredKeys: ['type', 'node', 'replicas'] },
  ),
  fc.record({ type: fc.constant('deploy'), node: word, version: word, durationMs: ms }),
  fc.record({ type: fc.constant('observe'), title: word, durationMs: ms }),
  fc.record({ type: fc.constant('edit'), target: fc.record({ node: word }), config: fc.constant({ replicas: null }) }),
  fc.record({ type: fc.constant('traffic'), action: fc.constant('change'), scenario: word }),
  fc.record({ type: fc.constant('probe'), probe }),
  fc.record({ type: fc.constant('wait-until'), probe, timeoutMs: ms }),
  fc.record({ type: fc.constant('wait-for'), step: fc.constantFrom('first', 'second'), timeoutMs: ms }),
  fc.record({ type: fc.constant('foreign'), activity: fc.constant({ provider: { type: 'python' } }) }),
];

const step = fc
  .tuple(fc.oneof(...kinds), fields)
  .map(([kind, more]) => JSON.parse(JSON.stringify({ ...kind, ...more })));
const parallel = fc.record({
  type: fc.constant('parallel'),
  branches: fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
});
const rollback = fc.oneof(
  kinds[0] as fc.Arbitrary<object>,
  kinds[2] as fc.Arbitrary<object>,
  kinds[7] as fc.Arbitrary<object>,
);

/** Any experiment that the schema takes; what it names need not exist. */
export const anyExperiment: fc.Arbitrary<Experiment> = fc
  .record({
    name: word,
    title: word,
    scenario: word,
    warmUpMs: fc.integer({ min: 0, max: 10_000 }),
    steadyStateMs: fc.integer({ min: 500, max: 10_000 }),
    recoveryWithinMs: fc.integer({ min: 500, max: 10_000 }),
    steadyStateHypothesis: fc.record({ title: word, probes: fc.array(probe, { minLength: 1, maxLength: 2 }) }),
    method: fc.array(fc.oneof({ weight: 4, arbitrary: step }, { weight: 1, arbitrary: parallel }), {
      minLength: 1,
      maxLength: 5,
    }),
    during: fc.array(probe, { maxLength: 2 }),
    rollbacks: fc.array(rollback, { maxLength: 2 }),
    stopConditions: fc.array(fc.record({ probe }), { maxLength: 1 }),
    extensions: fc.array(fc.record({ name: word, anything: fc.constant([1, null]) }), { maxLength: 1 }),
  })
  .map((written) => experimentSchema.parse(written));
