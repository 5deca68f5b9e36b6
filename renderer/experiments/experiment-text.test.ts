import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readExperiments } from './experiment-text.ts';
import { anyExperiment } from './timeline/experiments.fixture.ts';

test('one experiment, a list of them and a document are taken in without loss', () => {
  fc.assert(
    fc.property(fc.array(anyExperiment, { minLength: 1, maxLength: 3 }), (experiments) => {
      expect(readExperiments(JSON.stringify(experiments[0]))).toEqual({ experiments: [experiments[0]] });
      expect(readExperiments(JSON.stringify({ format: 1, document: 'shop.json', ...experiments[0] }))).toEqual({
        experiments: [experiments[0]],
      });
      expect(readExperiments(JSON.stringify(experiments))).toEqual({ experiments });
      expect(readExperiments(JSON.stringify({ format: 1, name: 'shop', experiments }))).toEqual({ experiments });
    }),
    { numRuns: 30 },
  );
});

test('what is not valid is refused whole, with every error', () => {
  const [good] = fc.sample(anyExperiment, { numRuns: 1, seed: 1 });
  const read = readExperiments(JSON.stringify([good, { name: 'x' }, { ...good, warmUpMs: -1 }]));
  expect(read).toMatchObject({ problem: expect.stringContaining('$[1].title') });
  expect(read).toMatchObject({ problem: expect.stringContaining('$[2].warmUpMs') });
  expect(readExperiments('[]')).toEqual({ problem: 'There is no experiment in it.' });
  expect(readExperiments('null')).toMatchObject({ problem: expect.any(String) });
  expect(readExperiments('{')).toMatchObject({ problem: expect.stringContaining('no JSON') });
});

test('one of Chaos Toolkit is told apart, and left to the engine', () => {
  const toolkit = { title: 'x', description: 'y', method: [] };
  expect(readExperiments(JSON.stringify(toolkit))).toEqual({ toolkit });
});
