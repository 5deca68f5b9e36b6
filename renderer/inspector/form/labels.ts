const units: [suffix: RegExp, unit: string][] = [
  [/Ms$/, 'ms'],
  [/PerSec$/, '/s'],
  [/Bytes$/, 'bytes'],
];

/** The unit that a name ends with: `timeoutMs` is in ms. */
export const unitOf = (key: string): string | null => units.find(([suffix]) => suffix.test(key))?.[1] ?? null;

/** "gracefulStopMs" → "Graceful stop"; "least-connections" → "Least connections". */
export function labelOf(key: string): string {
  const bare = units.reduce((name, [suffix]) => name.replace(suffix, ''), key);
  const words = bare
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase()
    .trim();
  const label = words.charAt(0).toUpperCase() + words.slice(1);
  return label.replace(/\b(sql|url|cpu|http|id)\b/gi, (word) => word.toUpperCase());
}
