import { describe, expect, it } from 'vitest';
import { addressOfPage } from './address.ts';

describe('the address of the engine in a browser tab', () => {
  it('is where the page came from, with the token after the hash', () => {
    expect(addressOfPage({ host: '127.0.0.1:4321', hash: '#token=ab%2Fcd' })).toEqual({
      url: 'ws://127.0.0.1:4321/api',
      token: 'ab/cd',
    });
  });

  it('has an empty token where the page was opened without one', () => {
    expect(addressOfPage({ host: '127.0.0.1:4321', hash: '' }).token).toBe('');
  });
});
