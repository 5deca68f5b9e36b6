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
  const key = parts.at(-1) as string;
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  if (wants('Mod') !== (event.ctrlKey || event.metaKey) || wants('Alt') !== event.altKey) return false;
  // A sign such as "?" stands wherever the keyboard has it, with Shift or without.
  if (key.length === 1 && !/[a-z0-9]/i.test(key)) return event.key === key;
  if (wants('Shift') !== event.shiftKey) return false;
  // With Alt, or Shift and a digit, the key gives another sign on many keyboards.
  if (/^[0-9]$/.test(key)) return event.code === `Digit${key}`;
  if (/^[A-Z]$/.test(key) && event.altKey) return event.code === `Key${key}`;
  return event.key.toLowerCase() === key.toLowerCase();
}

const MAC_SIGNS: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const KEY_SIGNS: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };

/** As the keyboard at hand names it: `Ctrl+Shift+S`, or `⇧⌘S`. */
export function shown(shortcut: string, mac: boolean = isMac): string {
  const parts = shortcut.split('+').map((part) => KEY_SIGNS[part] ?? part);
  if (!mac) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+');
  const order = ['Alt', 'Shift', 'Mod'];
  const modifiers = parts.slice(0, -1).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return [...modifiers.map((part) => MAC_SIGNS[part] ?? part), parts.at(-1)].join('');
}
