import { expect, test } from 'vitest';
import { compileHandler, responseOf, type UserRequest, type UserTools } from './handler.ts';

const request: UserRequest = { method: 'GET', path: '/users/7', parameters: { id: '7' }, headers: {}, body: '' };
const tools = { state: {} } as UserTools;

test('a compiled handler answers with what the function returns', async () => {
  const handler = compileHandler(
    'async (request, { state }) => { state.n = 1; return request.parameters.id + state.n }',
    'a',
  );
  expect(await handler(request, tools)).toBe('71');
});

test('errors name the node and the line of the code', () => {
  const handler = compileHandler('(request) => {\n  throw new Error("no stock");\n}', 'orders GET /orders');
  const thrown = (() => {
    try {
      handler(request, tools);
    } catch (error) {
      return error as Error;
    }
  })();
  expect(thrown?.stack).toContain('orders GET /orders:2:9');
});

test('a value is answered as JSON, an object with a status as it says', () => {
  expect(responseOf({ a: 1 })).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  });
  expect(responseOf(undefined).body).toBe('null');
  expect(responseOf({ status: 201, headers: { 'x-a': 'b' }, body: 'made' })).toEqual({
    status: 201,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-a': 'b' },
    body: 'made',
  });
  expect(responseOf({ status: 'shipped' }).status).toBe(200);
});
