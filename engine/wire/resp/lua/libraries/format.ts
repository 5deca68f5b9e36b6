import { formatG, toExponential, toFixed } from '../../numbers.ts';
import { raise } from '../errors.ts';
import { checkLength } from '../operators.ts';
import type { LuaValue } from '../table.ts';
import { badArgument, integerArgument, numberArgument, stringArgument } from './arguments.ts';

interface Specification {
  flags: string;
  width: number;
  precision: number | null;
}

function pad(text: string, { flags, width }: Specification, isNumber = false): string {
  if (text.length >= width) return text;
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || !isNumber) return text.padStart(width);
  const sign = /^[+\- ]?(?:0[xX])?/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

const signed = (text: string, { flags }: Specification): string =>
  text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;

function integer(value: number, specification: Specification): string {
  const whole = Number.isFinite(value) ? BigInt(Math.trunc(value)) : -(2n ** 63n);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(specification.precision ?? 1, '0');
  const text = signed(`${whole < 0n ? '-' : ''}${digits}`, specification);
  return pad(text, specification, specification.precision === null);
}

function unsigned(value: number, conversion: string, specification: Specification): string {
  const whole = BigInt.asUintN(64, Number.isFinite(value) ? BigInt(Math.trunc(value)) : 2n ** 63n);
  const radix = conversion === 'o' ? 8 : conversion === 'u' ? 10 : 16;
  let digits = whole.toString(radix).padStart(specification.precision ?? 1, '0');
  if (specification.flags.includes('#') && whole !== 0n)
    digits = `${radix === 16 ? '0x' : radix === 8 ? '0' : ''}${digits}`;
  return pad(conversion === 'X' ? digits.toUpperCase() : digits, specification, specification.precision === null);
}

/** With at least two digits, as C has it. */
const exponential = (value: number, precision: number): string =>
  toExponential(value, Math.min(100, precision)).replace(/e([+-])(\d)$/, 'e$10$2');

/** All digits of large numbers, which `toFixed` gives only up to 1e21. */
const fixed = (value: number, precision: number): string =>
  Math.abs(value) < 1e21
    ? toFixed(value, Math.min(100, precision))
    : `${BigInt(value)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`;

function float(value: number, conversion: string, specification: Specification): string {
  const { precision } = specification;
  const lower = conversion.toLowerCase();
  let text: string;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? '-nan' : value > 0 ? 'inf' : '-inf';
  else if (lower === 'e') text = exponential(value, precision ?? 6);
  else if (lower === 'f') text = fixed(value, precision ?? 6);
  else text = formatG(value, Math.min(100, precision === 0 ? 1 : (precision ?? 6)));
  if (Object.is(value, -0) && !text.startsWith('-')) text = `-${text}`;
  text = pad(signed(text, specification), specification, Number.isFinite(value));
  return conversion === lower ? text : text.toUpperCase();
}

const quoted = (text: string): string =>
  `"${text.replace(/["\\\n\r\0]/g, (character) => (character === '\r' ? '\\r' : character === '\0' ? '\\000' : `\\${character}`))}"`;

/** `string.format`. */
export function format(...args: LuaValue[]): string {
  const pattern = stringArgument('format', args, 1);
  let place = 1;
  const text = pattern.replace(/%([-+ #0]*)(\d*)(?:\.(\d*))?(.?)/gs, (whole, flags, width, precision, conversion) => {
    if (conversion === '%' && whole === '%%') return '%';
    if (flags.length > 5) raise('invalid format (repeated flags)');
    if (width.length > 2 || (precision ?? '').length > 2) raise('invalid format (width or precision too long)');
    const specification: Specification = {
      flags,
      width: Number(width),
      precision: precision === undefined ? null : Number(precision),
    };
    place += 1;
    if (place > args.length) badArgument('format', place, 'no value');
    switch (conversion) {
      case 'c':
        return pad(String.fromCharCode(integerArgument('format', args, place) & 255), specification);
      case 'd':
      case 'i':
        return integer(numberArgument('format', args, place), specification);
      case 'o':
      case 'u':
      case 'x':
      case 'X':
        return unsigned(numberArgument('format', args, place), conversion, specification);
      case 'e':
      case 'E':
      case 'f':
      case 'g':
      case 'G':
        return float(numberArgument('format', args, place), conversion, specification);
      case 'q':
        return quoted(stringArgument('format', args, place));
      case 's': {
        const argument = stringArgument('format', args, place);
        return pad(
          specification.precision === null ? argument : argument.slice(0, specification.precision),
          specification,
        );
      }
      default:
        return raise(`invalid option '%${conversion}' to 'format'`);
    }
  });
  checkLength(text.length);
  return text;
}
