import { describe, expect, it } from 'vitest';
import { headersOf } from './headers-text.ts';

describe('headers as they are typed', () => {
  it('are a name and a value on each line', () => {
    expect(headersOf('Accept: text/html\n\n x-time:  12:30 \nx-empty:')).toEqual({
      Accept: 'text/html',
      'x-time': '12:30',
      'x-empty': '',
    });
  });

  it('keep both values of a name that comes twice', () => {
    expect(headersOf('cookie: a=1\ncookie: b=2')).toEqual({ cookie: 'a=1, b=2' });
  });
});
