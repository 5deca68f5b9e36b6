import { describe, expect, it } from 'vitest';
import type { EngineFrame } from '../../engine/api/types.ts';
import { tidings } from './tidings.ts';

const names = {
  node: (id: string) => id.toUpperCase(),
  fault: ({ fault }: { fault: string }) => `${fault} on SHOP`,
  experiment: (name: string) => `“${name}”`,
};

const frame = (parts: object): EngineFrame =>
  ({
    atMs: 0,
    topology: 'running',
    problem: null,
    nodes: {},
    edges: {},
    faults: [],
    traffic: null,
    experiment: null,
    ...parts,
  }) as never;
const nodes = (states: Record<string, string>, reason: string | null = null) => ({
  nodes: Object.fromEntries(Object.entries(states).map(([id, state]) => [id, { id, state, reason }])),
});
const told = (before: object, after: object) => tidings(frame(before), frame(after), names);

describe('what a screen reader is told', () => {
  it('starts and stops, and why nothing starts', () => {
    expect(told({ topology: 'starting' }, { topology: 'running' })).toEqual(['Everything runs.']);
    expect(told({ topology: 'stopping' }, { topology: 'stopped' })).toEqual(['Everything is stopped.']);
    expect(told({}, { topology: 'stopped', problem: 'No free port.' })).toEqual(['No free port.']);
    expect(told({}, {})).toEqual([]);
  });

  it('a node that dies, with its reason, and comes back; many of them as a number', () => {
    expect(told(nodes({ shop: 'ready' }), nodes({ shop: 'dead' }, 'killed by a fault'))).toEqual([
      'SHOP is dead: killed by a fault.',
    ]);
    expect(told(nodes({ shop: 'dead' }), nodes({ shop: 'ready' }))).toEqual(['SHOP is ready again.']);
    expect(told(nodes({ shop: 'starting' }), nodes({ shop: 'ready' }))).toEqual([]);
    const many = (state: string) => nodes(Object.fromEntries([1, 2, 3, 4, 5].map((id) => [`n${id}`, state])));
    expect(told(many('ready'), many('dead'))).toEqual(['5 nodes are dead.']);
  });

  it('a fault that goes on, comes off, or fails', () => {
    const fault = (state: string) => ({ faults: [{ id: '1', fault: 'kill', state, error: 'No such process' }] });
    expect(told(fault('starting'), fault('on'))).toEqual(['Fault on: kill on SHOP.']);
    expect(told({}, fault('on'))).toEqual(['Fault on: kill on SHOP.']);
    expect(told(fault('on'), fault('ending'))).toEqual([]);
    expect(told(fault('ending'), fault('off'))).toEqual(['Fault off: kill on SHOP.']);
    expect(told(fault('starting'), fault('failed'))).toEqual(['Fault failed: kill on SHOP: No such process.']);
    expect(told({}, fault('off'))).toEqual([]);
  });

  it('the phases of an experiment and its verdict, and of a sweep only beginning and end', () => {
    const experiment = (phase: string, verdict: string | null = null) => ({
      experiment: { name: 'x', startedAtMs: 1, phase, verdict },
    });
    expect(told(experiment('warm-up'), experiment('method'))).toEqual(['Experiment “x”: method.']);
    expect(told(experiment('rollback'), experiment('done', 'passed'))).toEqual(['Verdict of “x”: passed.']);
    const sweep = (state: string, topology: string) => ({ topology, sweep: { state } });
    expect(told({}, sweep('running', 'starting'))).toEqual(['A measurement began.']);
    expect(told(sweep('running', 'starting'), sweep('running', 'running'))).toEqual([]);
    expect(told(sweep('running', 'stopped'), sweep('done', 'stopped'))).toEqual(['The measurement ended: done.']);
  });
});
