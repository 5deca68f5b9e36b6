import { describe, expect, it } from 'vitest';
import { experimentSchema } from '../../model/experiment.ts';
import { killExperiment } from '../scripted-world.fixture.ts';
import { exportExperiment } from './export.ts';
import { importExperiment } from './import.ts';

const fault = { type: 'fault', fault: 'kill', target: { node: 'shop' }, durationMs: 2000 };
const wide = experimentSchema.parse({
  ...killExperiment(),
  steadyStateHypothesis: {
    title: 'All is well',
    probes: [
      { name: 'served', measure: { type: 'success-ratio' }, tolerance: { min: 0.99 } },
      { name: 'fast', measure: { type: 'latency', percentile: 95 }, tolerance: { min: 0, max: 300 } },
      {
        name: 'answers',
        measure: { type: 'http', node: 'shop', path: '/x' },
        tolerance: { equals: 200 },
        everyMs: 500,
      },
      {
        name: 'healthy',
        measure: { type: 'http', node: 'shop', read: 'body' },
        tolerance: { jsonPath: '$.ok', expect: true },
      },
      {
        name: 'says so',
        measure: { type: 'http', node: 'shop', read: 'body' },
        tolerance: { regex: 'ok' },
        require: 'some',
      },
      { name: 'one of two', measure: { type: 'http', node: 'shop' }, tolerance: { oneOf: [200, 204] } },
      { name: 'one of three', measure: { type: 'http', node: 'shop' }, tolerance: { oneOf: [200, 202, 204] } },
      {
        name: 'kept',
        measure: { type: 'sql', node: 'db', sql: 'select 1' },
        tolerance: { expression: 'value >= traffic.ok' },
      },
    ],
  },
  method: [
    { ...fault, background: true, pauses: { beforeMs: 1500 } },
    { type: 'parallel', branches: [[fault], [{ type: 'wait', durationMs: 10 }]] },
    {
      type: 'probe',
      name: 'here',
      windowMs: 700,
      probe: { name: 'p', measure: { type: 'throughput' }, tolerance: { min: 1 } },
    },
  ],
  rollbacks: [{ type: 'scale', node: 'shop', replicas: 1, name: 'back' }],
  stopConditions: [{ probe: { name: 's', measure: { type: 'success-ratio' }, tolerance: { min: 0.1 } } }],
  slo: { successRatio: 0.999 },
  extensions: [
    { name: 'chaostoolkit', tags: ['a'] },
    { name: 'other', x: 1 },
  ],
});

describe('an experiment of ours', () => {
  it.each([
    ['with everything in it', wide],
    ['as they are shipped', killExperiment()],
    ['without a statement', { ...killExperiment(), statement: '' }],
  ])('%s comes back from Chaos Toolkit as it was', (_, experiment) => {
    const written = JSON.parse(JSON.stringify(exportExperiment(experiment)));
    const { experiment: back } = importExperiment(written, { scenario: null });
    const { extensions, ...rest } = experimentSchema.parse(back);
    const { extensions: before, ...wanted } = JSON.parse(JSON.stringify(experiment)) as typeof experiment;
    expect(rest).toEqual(wanted);
    expect(extensions).toEqual(expect.arrayContaining(before));
    expect(extensions).toHaveLength(before.length);
  });

  it('is an experiment that Chaos Toolkit can read: its fields are where that tool looks for them', () => {
    const { title, description, method, ...rest } = exportExperiment(wide);
    expect([title, description]).toEqual([wide.title, wide.statement]);
    expect(method[0]).toMatchObject({ type: 'action', background: true, pauses: { before: 1.5 } });
    const [served, fast, answers] = rest['steady-state-hypothesis'].probes;
    expect(fast).toMatchObject({ tolerance: { type: 'range', range: [0, 300] } });
    expect(answers).toMatchObject({ type: 'probe', tolerance: 200, provider: { type: 'python' } });
    expect(served).toMatchObject({ name: 'served' });
  });

  it('takes over what was changed in the other tool', () => {
    const written = exportExperiment(wide);
    written.title = 'Another';
    (written['steady-state-hypothesis'].probes[2] as { tolerance: unknown }).tolerance = 204;
    const { experiment } = importExperiment(written, { scenario: null });
    const { title, steadyStateHypothesis } = experimentSchema.parse(experiment);
    expect(title).toBe('Another');
    expect(steadyStateHypothesis.probes[2]?.tolerance).toEqual({ equals: 204 });
  });
});

describe('an experiment of Chaos Toolkit', () => {
  const pods = {
    type: 'action',
    name: 'kill a pod',
    provider: { type: 'python', module: 'chaosk8s.pod.actions', func: 'terminate_pods', arguments: { rand: true } },
    pauses: { after: 5 },
  };
  const health = {
    type: 'probe',
    name: 'answers',
    tolerance: [200, 299],
    provider: { type: 'http', url: 'http://shop/health' },
  };
  const toolkit = {
    version: '1.0.0',
    title: 'Do we survive a pod?',
    description: 'We should.',
    tags: ['k8s'],
    'steady-state-hypothesis': { title: 'It answers', probes: [health] },
    method: [pods],
    rollbacks: [],
  };

  it('is taken over whole, with each part that cannot be run here in its place and reported', () => {
    const { experiment, reports } = importExperiment(toolkit, { scenario: 'day' });
    const parsed = experimentSchema.parse(experiment);
    expect(parsed).toMatchObject({
      name: 'do-we-survive-a-pod',
      statement: 'We should.',
      scenario: 'day',
      method: [{ type: 'foreign', activity: pods }],
      steadyStateHypothesis: {
        probes: [{ measure: { type: 'foreign', activity: health }, tolerance: { min: 200, max: 299 } }],
      },
    });
    expect(reports).toHaveLength(3);
    expect(reports.join('\n')).toMatch(
      /"tags"[\s\S]*"answers": the provider http http:\/\/shop\/health[\s\S]*chaosk8s\.pod\.actions\.terminate_pods/,
    );
  });

  it('comes back from an export with nothing lost', () => {
    const { experiment } = importExperiment(toolkit, { scenario: 'day' });
    expect(exportExperiment(experimentSchema.parse(experiment))).toMatchObject(toolkit);
  });
});
