import { describe, expect, it } from 'vitest';
import { parseDuration, parsePort, parseSeed } from './arguments.ts';
import { table } from './table.ts';
import { createTerminal } from './terminal.ts';

/** A stream that keeps what is written, and what a terminal would show of it in the end. */
function screen(isTTY: boolean, columns = 80) {
  let written = '';
  const stream = { isTTY, columns, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
  return {
    terminal: createTerminal(stream),
    written: () => written,
    shown: () => written.split('\n').map((line) => line.split('\r\u001b[K').at(-1)),
  };
}

describe('a terminal', () => {
  it('writes the live line anew, below the lines that stay', () => {
    const { terminal, shown } = screen(true);
    terminal.live('one');
    terminal.live('two');
    terminal.line('a line');
    terminal.live('three');
    terminal.live('');
    terminal.line('the end');
    expect(shown()).toEqual(['a line', 'the end', '']);
  });

  it('cuts the live line to its width, so that it never wraps', () => {
    const { terminal, shown } = screen(true, 20);
    terminal.live('x'.repeat(50));
    expect(shown()).toEqual(['x'.repeat(19)]);
  });

  it('has no live line where nobody watches', () => {
    const { terminal, written } = screen(false);
    terminal.live('one');
    terminal.line('a line');
    expect(written()).toBe('a line\n');
  });
});

describe('a table', () => {
  it('aligns names left and figures right, and does not count colours', () => {
    expect(
      table(
        ['name', 'count'],
        [
          ['a', '\u001b[31m5\u001b[39m'],
          ['longer', '1,000'],
        ],
      ),
    ).toEqual(['name     count', 'a            \u001b[31m5\u001b[39m', 'longer   1,000']);
  });
});

describe('arguments', () => {
  it.each([
    ['20s', 20_000],
    ['500ms', 500],
    ['1.5m', 90_000],
    ['1m30s', 90_000],
    ['24h', 86_400_000],
  ])('reads the duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '20', 's', '-5s', '1e3s', '10 s', '99ms', '24h1s'])('refuses the duration %j', (text) =>
    expect(() => parseDuration(text)).toThrow(),
  );

  it.each(['', '-1', '1.5', '0x10', '4294967296'])('refuses the seed %j', (text) =>
    expect(() => parseSeed(text)).toThrow(),
  );

  it('reads seeds and ports up to their limits', () => {
    expect([parseSeed('0'), parseSeed('4294967295'), parsePort('65535')]).toEqual([0, 4_294_967_295, 65_535]);
    expect(() => parsePort('65536')).toThrow();
  });
});
