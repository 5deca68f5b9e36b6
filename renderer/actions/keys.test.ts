import { describe, expect, it } from 'vitest';
import { matches, shown } from './keys.ts';

const pressed = (
  key: string,
  held: { ctrl?: boolean; meta?: boolean; shift?: boolean; alt?: boolean; code?: string } = {},
) => ({
  key,
  code: held.code ?? '',
  ctrlKey: held.ctrl ?? false,
  metaKey: held.meta ?? false,
  shiftKey: held.shift ?? false,
  altKey: held.alt ?? false,
});

describe('a shortcut', () => {
  it('takes Ctrl or Command for Mod, and no more modifiers than it names', () => {
    expect(matches('Mod+S', pressed('s', { ctrl: true }))).toBe(true);
    expect(matches('Mod+S', pressed('s', { meta: true }))).toBe(true);
    expect(matches('Mod+S', pressed('S', { ctrl: true, shift: true }))).toBe(false);
    expect(matches('Mod+Shift+S', pressed('S', { ctrl: true, shift: true }))).toBe(true);
    expect(matches('Mod+S', pressed('s'))).toBe(false);
  });

  it('with a sign goes by the sign, with Alt and with digits by the place of the key', () => {
    expect(matches('?', pressed('?', { shift: true }))).toBe(true);
    expect(matches('Alt+Shift+L', pressed('ł', { alt: true, shift: true, code: 'KeyL' }))).toBe(true);
    expect(matches('Shift+1', pressed('!', { shift: true, code: 'Digit1' }))).toBe(true);
    expect(matches('Delete', pressed('Delete'))).toBe(true);
  });

  it('is written as the keyboard at hand names it', () => {
    expect(shown('Mod+Shift+S', false)).toBe('Ctrl+Shift+S');
    expect(shown('Mod+Shift+S', true)).toBe('⇧⌘S');
    expect(shown('Shift+ArrowLeft', false)).toBe('Shift+←');
  });
});
