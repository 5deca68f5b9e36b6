import { randomWord } from '../../process-kit/tracing-context.ts';

/** A UUID of version 4. No secret: Node's crypto would cost each process a megabyte. */
export function createRequestId(): string {
  const hex = Array.from({ length: 4 }, () => (randomWord() >>> 0).toString(16).padStart(8, '0')).join('');
  const variant = (8 + (Number.parseInt(hex.charAt(16), 16) & 3)).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
