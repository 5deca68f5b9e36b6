import { type Key, key, t } from '../i18n/t.ts';

interface Pressed {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const isMac: boolean = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

/** Whether what was pressed is a shortcut such as `Mod+Shift+S`, `Alt+ArrowLeft` or `?`. */
export function matches(shortcut: string, event: Pressed): boolean {
  const parts = shortcut.split('+');
  const last = parts.at(-1) as string;
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  if (wants('Mod') !== (event.ctrlKey || event.metaKey) || wants('Alt') !== event.altKey) return false;
  // A sign such as "?" stands wherever the keyboard has it, with Shift or without.
  if (last.length === 1 && !/[a-z0-9]/i.test(last)) return event.key === last;
  if (wants('Shift') !== event.shiftKey) return false;
  // With Alt, or Shift and a digit, the key gives another sign on many keyboards.
  if (/^[0-9]$/.test(last)) return event.code === `Digit${last}`;
  if (/^[A-Z]$/.test(last) && event.altKey) return event.code === `Key${last}`;
  return event.key.toLowerCase() === last.toLowerCase();
}

const MAC_SIGNS: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const KEY_SIGNS: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };
/** What keyboards of a language have on their keys. */
const KEY_WORDS: Record<string, Key> = {
  Shift: key('Shift'),
  Delete: key('Del'),
  Backspace: key('Backspace'),
  Enter: key('Enter'),
  Escape: key('Esc'),
};

/** As the keyboard at hand names it: `Ctrl+Shift+S`, or `⇧⌘S`. */
export function shown(shortcut: string, mac: boolean = isMac): string {
  const parts = shortcut.split('+').map((part) => KEY_SIGNS[part] ?? part);
  const word = (part: string): string => (KEY_WORDS[part] ? t(KEY_WORDS[part]) : part);
  if (!mac) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : word(part))).join('+');
  const order = ['Alt', 'Shift', 'Mod'];
  const modifiers = parts.slice(0, -1).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return [...modifiers.map((part) => MAC_SIGNS[part] ?? part), word(parts.at(-1) ?? '')].join('');
}
