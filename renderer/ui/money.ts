import { fixed } from '../i18n/number.ts';
import { formatCount } from './format.ts';

/** Figures after the point, so that three figures of a number show. */
const digitsOf = (value: number, figures: number): number =>
  value === 0 ? 0 : Math.min(20, Math.max(0, figures - 1 - Math.floor(Math.log10(Math.abs(value)))));

/** An amount in dollars to three figures, however small. */
export const formatMoney = (amount: number): string =>
  `$${fixed(amount, Math.abs(amount) >= 1 && Math.abs(amount) < 100 ? 2 : digitsOf(amount, 3))}`;

/** A quantity to four figures. */
export const formatQuantity = (value: number): string =>
  value >= 1000 || Number.isInteger(value) ? formatCount(Math.round(value)) : fixed(value, digitsOf(value, 4));

/** A price as exactly as it is set, without an exponent. */
export const plainMoney = (amount: number): string =>
  `$${fixed(amount, Math.max(2, digitsOf(amount, 6))).replace(/(\D\d\d+?)0+$/, '$1')}`;
