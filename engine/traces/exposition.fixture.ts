/** Reads Prometheus' text format 0.0.4 strictly, and holds it to the conventions on names. Throws at the first offence. */

export interface ParsedFamily {
  help: string;
  type: string;
  /** Value by name and labels, e.g. `up{node="a"}`; labels in alphabetical order. */
  samples: Map<string, number>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|})/;
const VALUE = /^ ([+-]?Inf|NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, ParsedFamily>();
  let current = '';
  const help = new Map<string, string>();

  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([^ ]+) (.+)$/.exec(line);
    if (comment) {
      const [, word, name = '', rest = ''] = comment;
      if (!NAME.test(name)) throw new Error(`no name: ${line}`);
      if (families.has(name)) throw new Error(`${name} comes twice, or in two groups`);
      if (word === 'HELP') {
        if (!/^(?:[^\\]|\\\\|\\n)*$/.test(rest)) throw new Error(`bad escape: ${line}`);
        help.set(name, rest);
      } else {
        if (!TYPES.includes(rest)) throw new Error(`no type: ${line}`);
        if (rest === 'counter' && !name.endsWith('_total')) throw new Error(`counter without _total: ${name}`);
        families.set(name, { help: help.get(name) ?? '', type: rest, samples: new Map() });
        current = name;
      }
      continue;
    }
    const { name, key, value } = parseSample(line);
    const family = families.get(current);
    const suffix = name.slice(current.length);
    const allowed = family?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    if (!family || !name.startsWith(current) || !allowed.includes(suffix))
      throw new Error(`outside its group: ${line}`);
    if (family.samples.has(key)) throw new Error(`twice: ${key}`);
    family.samples.set(key, value);
  }
  for (const [name, family] of families) {
    if (family.help === '') throw new Error(`${name} has no help`);
    if (family.type === 'histogram') checkHistogram(name, family);
  }
  return families;
}

function parseSample(line: string): { name: string; key: string; value: number } {
  const name = NAME.exec(line)?.[0];
  if (!name) throw new Error(`no sample: ${line}`);
  let rest = line.slice(name.length);
  const labels: string[] = [];
  if (rest.startsWith('{')) {
    rest = rest.slice(1);
    for (let ended = false; !ended; ) {
      const label = LABEL.exec(rest);
      if (!label) throw new Error(`bad label: ${line}`);
      labels.push(`${label[1]}="${label[2]}"`);
      rest = rest.slice(label[0].length);
      ended = label[3] === '}';
    }
  }
  const value = VALUE.exec(rest)?.[1];
  if (value === undefined) throw new Error(`bad value: ${line}`);
  labels.sort();
  return {
    name,
    key: labels.length > 0 ? `${name}{${labels.join(',')}}` : name,
    value: Number(value.replace('Inf', 'Infinity')),
  };
}

function checkHistogram(name: string, { samples }: ParsedFamily): void {
  const series = new Map<string, [bound: number, count: number][]>();
  for (const [key, count] of samples) {
    const le = /le="([^"]+)"/.exec(key)?.[1];
    if (!key.startsWith(`${name}_bucket`) || le === undefined) continue;
    const labels = key
      .slice(`${name}_bucket`.length)
      .replace(/,?le="[^"]+"/, '')
      .replace('{,', '{');
    series.set(labels, [...(series.get(labels) ?? []), [Number(le.replace('Inf', 'Infinity')), count]]);
  }
  for (const [labels, buckets] of series) {
    const rises = buckets.every(
      ([bound, count], i) => i === 0 || (bound > (buckets[i - 1]?.[0] ?? 0) && count >= (buckets[i - 1]?.[1] ?? 0)),
    );
    const last = buckets[buckets.length - 1];
    if (!rises || last?.[0] !== Number.POSITIVE_INFINITY)
      throw new Error(`buckets of ${name}${labels} are no histogram`);
    if (samples.get(`${name}_count${labels}`) !== last[1])
      throw new Error(`count of ${name}${labels} is not its last bucket`);
    if (!samples.has(`${name}_sum${labels}`)) throw new Error(`${name}${labels} has no sum`);
  }
}
