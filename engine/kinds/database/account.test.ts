import { afterEach, describe, expect, it } from 'vitest';
import { forSpawn, unprivilegedAccount } from './account.ts';

const before = process.env.ARCHIPEL_POSTGRES_UID;
afterEach(() => {
  if (before === undefined) delete process.env.ARCHIPEL_POSTGRES_UID;
  else process.env.ARCHIPEL_POSTGRES_UID = before;
});

describe.runIf(process.getuid?.() === 0)('the account of PostgreSQL, where we are root', () => {
  it('is nobody by default', () => {
    delete process.env.ARCHIPEL_POSTGRES_UID;
    expect(unprivilegedAccount()?.uid).toBeGreaterThan(0);
  });

  it('is the one that the user names', () => {
    process.env.ARCHIPEL_POSTGRES_UID = '54321';
    expect(unprivilegedAccount()).toEqual({ uid: 54321, gid: 54321 });
  });

  it('is never root', () => {
    for (const wanted of ['0', '-1', 'nobody', '']) {
      process.env.ARCHIPEL_POSTGRES_UID = wanted;
      expect(() => unprivilegedAccount()).toThrow('ARCHIPEL_POSTGRES_UID');
    }
  });
});

describe('an account', () => {
  it('of macOS, whose nobody has the number -2, is one that a process can be started with', () => {
    expect(forSpawn({ uid: 4294967294, gid: 4294967294 })).toEqual({ uid: -2, gid: -2 });
    expect(forSpawn(null)).toEqual({});
  });
});
