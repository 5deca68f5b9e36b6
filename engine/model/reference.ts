import { z } from 'zod';
import type { Catalogue, FaultDefinition, KindDefinition } from './definition.ts';

interface FieldSchema {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  anyOf?: FieldSchema[];
  oneOf?: FieldSchema[];
}

/** Node kinds and faults with all their fields, in Markdown, as their definitions say it today. */
export const reference = ({ kinds, faults }: Catalogue): string =>
  [
    '# Node kinds and faults',
    'Written by `node scripts/json-schema.ts` from the definitions in `engine/kinds/` and `engine/faults/`. What a document',
    'holds beside them is in [the file format](file-format.md).',
    '',
    '## Node kinds',
    ...kinds.map(kindText),
    '## Faults',
    ...faults.map((fault) => faultText(fault, kinds)),
  ].join('\n');

function kindText({
  kind,
  title,
  help,
  accepts,
  calls,
  consumes = [],
  faults,
  config,
  fidelity,
}: KindDefinition): string {
  return [
    `\n### \`${kind}\`: ${title}\n`,
    `${help}\n`,
    `- Accepts: ${accepts ?? 'nothing'}. Calls: ${calls.join(', ') || 'nothing'}.${consumes.length > 0 ? ` Consumes: ${consumes.join(', ')}.` : ''}`,
    `- Faults: ${faults.map((fault) => `\`${fault}\``).join(', ') || 'none'}.`,
    `- Real: ${fidelity.real.join('; ')}.${fidelity.modelled.length > 0 ? ` Modelled: ${fidelity.modelled.join('; ')}.` : ''}\n`,
    table(config),
  ].join('\n');
}

function actsOn(
  target: FaultDefinition['target'],
  { protocols, composition }: Pick<FaultDefinition, 'protocols' | 'composition'>,
  able: readonly string[],
): string {
  switch (target) {
    case 'edge':
      return `an edge${protocols ? ` that carries ${protocols.join(' or ')}` : ''}`;
    case 'process':
      return `a process of ${able.join(', ') || 'no kind'}`;
    case 'node':
      return `a node as a whole, of ${able.join(', ') || 'no kind'}`;
    case 'group':
      return `a ${composition?.groups.join(' or a ')}, as a whole`;
    case 'any':
      return 'a node, edges, a group, or everything';
  }
}

function faultText(
  { fault, title, help, target, parameters, limits, ...rest }: FaultDefinition,
  kinds: Catalogue['kinds'],
) {
  const able = kinds.filter((kind) => kind.faults.includes(fault)).map(({ kind }) => `\`${kind}\``);
  const drawn = rest.probability ?? 'activation';
  const lines = [
    `\n### \`${fault}\`: ${title}\n`,
    `${help}\n`,
    `- Acts on: ${actsOn(target, rest, able)}.`,
    `- Probability is drawn for each ${drawn}.${
      rest.ramps
        ? ` A ramp brings up ${Object.keys(rest.ramps)
            .map((name) => `\`${name}\``)
            .join(', ')}.`
        : ''
    }`,
    ...Object.entries(limits).map(([platform, limit]) => `- On ${platform}: ${limit}`),
  ];
  return [...lines, '', table(parameters)].join('\n');
}

function table(schema: z.ZodObject): string {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties as Record<string, FieldSchema>).map(
    ([name, field]) => `| \`${name}\` | ${typeText(field)} | ${defaultText(field)} | ${descriptionText(field)} |`,
  );
  if (rows.length === 0) return 'No fields.\n';
  return ['| Field | Value | Default | Meaning |', '|---|---|---|---|', ...rows, ''].join('\n');
}

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const descriptionText = ({ title, description }: FieldSchema): string =>
  escaped([title, description].filter(Boolean).join(': '));

const defaultText = (field: FieldSchema): string =>
  'default' in field ? `\`${escaped(JSON.stringify(field.default))}\`` : '–';

function typeText(field: FieldSchema): string {
  const choices = field.anyOf ?? field.oneOf;
  if (choices) return choices.length > 4 ? 'see the schema' : choices.map(typeText).join(' or ');
  if (field.enum) return field.enum.map((value) => `\`${escaped(JSON.stringify(value))}\``).join(', ');
  if (field.const !== undefined) return `\`${escaped(JSON.stringify(field.const))}\``;
  const { minimum, maximum } = field;
  const isBounded = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const range = [isBounded(minimum) ? `from ${minimum}` : '', isBounded(maximum) ? `to ${maximum}` : '']
    .filter(Boolean)
    .join(' ');
  return [field.type ?? 'any', range].filter(Boolean).join(' ');
}
