import { expect, test } from 'vitest';
import { checkCode, problemIn } from './code-check.ts';

test.each([
  'async (request, { call }) => ({ ok: true })',
  'function (request) { return request.parameters.id; }',
  'async function answer(request, tools) {\n  return tools.call("a-b");\n}\n',
  '// what it does\n(request) => 1',
])('a function is code that can run: %s', (source) => {
  expect(problemIn(source)).toBeNull();
});

test('a syntax error is told with its line and column', () => {
  expect(problemIn('async (request) => {\n  return request.;\n}')).toEqual({
    line: 2,
    column: 18,
    message: 'Unexpected token',
  });
});

test.each([['42'], ['({ handler() {} })'], ['() => 1, () => 2']])('what is no function is refused: %s', (source) => {
  expect(problemIn(source)?.message).toBe('the code is no function');
});

test('nothing may follow the function, so that no code hides behind its bracket', () => {
  expect(problemIn('() => 1); process.exit(1); (() => 2')).toEqual({
    line: 1,
    column: 9,
    message: 'more follows after the function',
  });
});

test('the problem of a document names the place in it', () => {
  expect(checkCode('() =>', 'routes[0].steps[1].source')).toEqual([
    {
      path: 'routes[0].steps[1].source',
      message: expect.stringMatching(/^line 2, column 1: Unexpected token$/),
      nextStep: expect.stringContaining('Correct the code'),
    },
  ]);
});
