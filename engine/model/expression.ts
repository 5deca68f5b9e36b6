import { parseExpressionAt } from 'acorn';

/*
 * Expressions of documents: a part of JavaScript's expressions that is walked, never run as code. It can read the names
 * that it is given, compare and compute; it cannot call anything but the functions below, nor reach what objects inherit.
 */

interface Syntax {
  type: string;
  start: number;
  [field: string]: unknown;
}

export type Scope = Readonly<Record<string, unknown>>;

const numbers = (values: unknown[]): number[] => values.flat(1).map(Number);

const functions: Record<string, (...values: unknown[]) => unknown> = {
  abs: (value) => Math.abs(Number(value)),
  round: (value) => Math.round(Number(value)),
  floor: (value) => Math.floor(Number(value)),
  ceil: (value) => Math.ceil(Number(value)),
  min: (...values) => Math.min(...numbers(values)),
  max: (...values) => Math.max(...numbers(values)),
  sum: (...values) => numbers(values).reduce((sum, value) => sum + value, 0),
  length: (value) => (typeof value === 'string' || Array.isArray(value) ? value.length : 0),
  includes: (value, part) =>
    Array.isArray(value) ? value.includes(part) : typeof value === 'string' && value.includes(String(part)),
};

const binary: Record<string, (a: never, b: never) => unknown> = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '==': (a: unknown, b: unknown) => a === b,
  '===': (a: unknown, b: unknown) => a === b,
  '!=': (a: unknown, b: unknown) => a !== b,
  '!==': (a: unknown, b: unknown) => a !== b,
};

const list = (value: unknown): Syntax[] => value as Syntax[];
const part = (value: unknown): Syntax => value as Syntax;

/** The expression, ready to be evaluated; throws with what in it is not allowed or unknown. */
export function parseExpression(text: string, names: readonly string[]): (scope: Scope) => unknown {
  const root = parseExpressionAt(text, 0, { ecmaVersion: 2022 }) as unknown as Syntax & { end: number };
  if (text.slice(root.end).trim() !== '')
    throw new Error(`more follows after the expression, at column ${root.end + 1}`);
  check(root, names);
  return (scope) => evaluate(root, scope);
}

function check(node: Syntax, names: readonly string[]): void {
  const refuse = (what: string): never => {
    throw new Error(`${what} is not allowed, at column ${node.start + 1}`);
  };
  const all = (nodes: Syntax[]): void => {
    for (const inner of nodes) check(inner ?? refuse('an empty place'), names);
  };
  switch (node.type) {
    case 'Literal':
      if ('regex' in node || 'bigint' in node) refuse('such a literal');
      return;
    case 'Identifier':
      if (names.includes(String(node.name)) || node.name === 'undefined') return;
      throw new Error(
        `there is no "${String(node.name)}"; there are ${[...names, ...Object.keys(functions)].join(', ')}`,
      );
    case 'MemberExpression':
      check(part(node.object), names);
      if (node.computed) check(part(node.property), names);
      else if (part(node.property).type !== 'Identifier') refuse('such a field');
      return;
    case 'ChainExpression':
      check(part(node.expression), names);
      return;
    case 'UnaryExpression':
      if (!['!', '-', '+'].includes(String(node.operator))) refuse(`"${String(node.operator)}"`);
      check(part(node.argument), names);
      return;
    case 'BinaryExpression':
      if (!Object.hasOwn(binary, String(node.operator))) refuse(`"${String(node.operator)}"`);
      all([part(node.left), part(node.right)]);
      return;
    case 'LogicalExpression':
      all([part(node.left), part(node.right)]);
      return;
    case 'ConditionalExpression':
      all([part(node.test), part(node.consequent), part(node.alternate)]);
      return;
    case 'ArrayExpression':
      all(list(node.elements));
      return;
    case 'CallExpression': {
      const callee = part(node.callee);
      if (callee.type !== 'Identifier' || !Object.hasOwn(functions, String(callee.name))) refuse('such a call');
      all(list(node.arguments));
      return;
    }
    default:
      refuse(`a ${node.type}`);
  }
}

function evaluate(node: Syntax, scope: Scope): unknown {
  const value = (inner: unknown): unknown => evaluate(part(inner), scope);
  switch (node.type) {
    case 'Literal':
      return node.value;
    case 'Identifier':
      return node.name === 'undefined' ? undefined : scope[String(node.name)];
    case 'MemberExpression':
      return fieldOf(value(node.object), node.computed ? value(node.property) : part(node.property).name);
    case 'ChainExpression':
      return value(node.expression);
    case 'UnaryExpression':
      return node.operator === '!'
        ? !value(node.argument)
        : node.operator === '-'
          ? -Number(value(node.argument))
          : Number(value(node.argument));
    case 'BinaryExpression':
      return binary[String(node.operator)]?.(value(node.left) as never, value(node.right) as never);
    case 'LogicalExpression': {
      const left = value(node.left);
      if (node.operator === '&&') return left && value(node.right);
      return node.operator === '||' ? left || value(node.right) : (left ?? value(node.right));
    }
    case 'ConditionalExpression':
      return value(node.test) ? value(node.consequent) : value(node.alternate);
    case 'ArrayExpression':
      return list(node.elements).map(value);
    default:
      return functions[String(part(node.callee).name)]?.(...list(node.arguments).map(value));
  }
}

/** A field that the value has itself; what is missing has no fields, and that is no error. */
function fieldOf(object: unknown, key: unknown): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  if (Array.isArray(object) && key === 'length') return object.length;
  return Object.hasOwn(object, String(key)) ? (object as Record<string, unknown>)[String(key)] : undefined;
}
