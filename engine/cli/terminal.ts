import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command writes for people: lines, and below them one line that is written anew. */
export interface Terminal {
  /** Whether somebody watches: only then is there a live line. */
  isLive: boolean;
  line(text?: string): void;
  live(text: string): void;
  style(style: Style, text: string): string;
}

const CLEAR_LINE = '\r\u001b[K';

export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const isLive = stream.isTTY === true && process.env.TERM !== 'dumb';
  let shown = '';
  const clear = (): string => (shown === '' ? '' : CLEAR_LINE);
  return {
    isLive,
    line(text = '') {
      stream.write(`${clear()}${text}\n${shown}`);
    },
    live(text) {
      if (!isLive) return;
      const before = clear();
      // One column stays free: a full line would wrap, and the next one would not replace it.
      shown = text.slice(0, Math.max(10, (stream.columns ?? 80) - 1));
      stream.write(`${before}${shown}`);
    },
    // Heeds NO_COLOR, FORCE_COLOR and whether the stream is a terminal.
    style: (style, text) => styleText(style, text, { stream }),
  };
}
