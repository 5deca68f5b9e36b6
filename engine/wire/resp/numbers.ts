import { notAFloat, notAnInteger, RespError } from './errors.ts';

const MAX_INT64 = 9_223_372_036_854_775_807n;
const MIN_INT64 = -9_223_372_036_854_775_808n;

/** A signed 64-bit integer as Redis reads one: no blanks, no plus sign, no leading zeros. As a number where that is exact. */
export function parseInt64(text: string): number | bigint {
  const plain = plainInteger(text);
  if (plain !== null && (text[0] !== '0' || text === '0')) return plain;
  if (!/^(?:0|-?[1-9]\d{0,18})$/.test(text)) throw notAnInteger();
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  return inRange(BigInt(text)) ?? fail(notAnInteger());
}

/** For positions, counts and times, where nothing beyond the safe integers can be told apart. */
export const parseInteger = (text: string): number => Number(parseInt64(text));

/** Adds as 64-bit integers do, but never wraps around. */
export function addInt64(a: number | bigint, b: number | bigint): number | bigint {
  const sum = Number(a) + Number(b);
  if (Number.isSafeInteger(sum)) return sum;
  return inRange(BigInt(a) + BigInt(b)) ?? fail(new RespError('ERR increment or decrement would overflow'));
}

const inRange = (value: bigint): bigint | undefined => (value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined);

const fail = (error: Error): never => {
  throw error;
};

/** Digits after the point that Redis prints of the result of INCRBYFLOAT. */
const FRACTION_DIGITS = 17;
const MAX_EXPONENT = 400;

/**
 * The sum of two decimal numbers, without an exponent and without zeros at its end. Redis computes it in long doubles
 * and prints 17 digits after the point; here the sum of these digits is exact.
 */
export function addDecimals(a: string, b: string): string {
  const sum = scaled(a) + scaled(b);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(FRACTION_DIGITS + 1, '0');
  const fraction = digits.slice(-FRACTION_DIGITS).replace(/0+$/, '');
  const whole = `${sum < 0n ? '-' : ''}${digits.slice(0, -FRACTION_DIGITS)}`;
  return fraction ? `${whole}.${fraction}` : whole;
}

function scaled(text: string): bigint {
  const [, sign, whole = '', fraction = '', exponentText = '0'] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,5}))?$/i.exec(text) ?? fail(notAFloat());
  const exponent = Number(exponentText);
  if (whole + fraction === '' || text.length > 1000) throw notAFloat();
  if (Math.abs(exponent) > MAX_EXPONENT) throw new RespError('ERR increment would produce NaN or Infinity');
  const shift = FRACTION_DIGITS + exponent - fraction.length;
  const digits = BigInt(whole + fraction);
  const value = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === '-' ? -value : value;
}

/**
 * A double as C's `%.{precision}g` prints it: the shortest of both notations, without zeros at its end. Infinity is `inf`.
 */
export function formatG(value: number, precision: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 10 ** Math.min(precision, 15))
    return Object.is(value, -0) ? '-0' : String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const [digits = '', exponentText = '0'] = toExponential(value, Math.max(0, precision - 1)).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= precision) {
    const sign = exponent < 0 ? '-' : '+';
    return `${trimZeros(digits)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return trimZeros(toFixed(value, Math.max(0, precision - 1 - exponent)));
}

/** Digits that are looked at beyond those asked for: a tie ends with the first of them. */
const TIE_DIGITS = 25;

/** JavaScript rounds the larger way what lies exactly between two; C takes the even one. `text` has more digits. */
function roundedToEven(rounded: string, text: string, digits: number): string {
  const [, kept, last, exponent] = new RegExp(`^(-?\\d+\\.?\\d{${digits}})(5)0*(e.*)?$`).exec(text) ?? [];
  if (last === undefined || kept === undefined) return rounded;
  const digit = kept.replace('.', '').at(-1);
  return Number(digit) % 2 === 0 ? `${kept.replace(/\.$/, '')}${exponent ?? ''}` : rounded;
}

/** With exactly so many digits after the point, as C's `%e`, and an exponent as JavaScript writes it. */
export const toExponential = (value: number, digits: number): string =>
  roundedToEven(value.toExponential(digits), value.toExponential(Math.min(100, digits + TIE_DIGITS)), digits);

/** As C's `%f`; for numbers below 1e21. */
export const toFixed = (value: number, digits: number): string =>
  roundedToEven(value.toFixed(digits), value.toFixed(Math.min(100, digits + TIE_DIGITS)), digits);

const trimZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** A score in a reply: `%.17g`, as Redis 7.0 prints it. */
export const formatDouble = (value: number): string => formatG(value, 17);

/** A whole number of few digits, without a look at anything else it could be; null: it may be one in another form. */
export function plainInteger(text: string): number | null {
  const { length } = text;
  if (length === 0 || length > 15) return null;
  let value = 0;
  for (let i = 0; i < length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}

/** A score in a request: any floating-point number, with an exponent, in hexadecimal, or infinite; not NaN. */
export function parseDouble(text: string): number {
  const plain = plainInteger(text);
  if (plain !== null) return plain;
  const value = /^[+-]?(?:inf(?:inity)?)$/i.test(text)
    ? text.startsWith('-')
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY
    : /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)
      ? Number(text)
      : /^[+-]?0x[\da-f]+$/i.test(text)
        ? Number(text.replace(/^[+-]/, '')) * (text.startsWith('-') ? -1 : 1)
        : Number.NaN;
  return Number.isNaN(value) ? fail(notAFloat()) : value;
}
