import ts from 'typescript';
import notSaid from './not-said.json' with { type: 'json' };
import { placeOf, type Source, sourcesOf } from './sources.fixture.ts';

/** A text of the engine, with `{{0}}`, `{{1}}` … where values stand, and where it is written. */
export interface Said {
  key: string;
  place: string;
}

/**
 * What of the engine speaks in the window. The command line and its reports speak English; so do the protocols, whose
 * words are not ours, and what is written into the docs.
 */
const SPEAKS = /^engine\/(?!(cli|wire|reports|bench)\/|api\/server\.ts|model\/(reference|json-schema)\.ts)/;

/** What looks like a sentence and is none, or is none for the window. */
const silent: ReadonlySet<string> = new Set(notSaid);

/** More ways than these to put a sentence together are not written out: its parts are texts of their own then. */
const MOST_WAYS = 6;

const VALUE = '\uE000';

/** All that an expression may read as; a value is `VALUE`. Null: it is no text. */
function waysOf(node: ts.Expression, parts: (node: ts.Expression) => void): string[] | null {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return waysOf(node.expression, parts);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return waysOf(node.expression, parts);
  if (ts.isTemplateExpression(node)) {
    let ways = [node.head.text];
    for (const { expression, literal } of node.templateSpans) {
      const inner = waysOf(expression, parts) ?? [VALUE];
      const many = ways.length * inner.length > MOST_WAYS;
      if (many) parts(expression);
      ways = ways.flatMap((way) => (many ? [VALUE] : inner).map((end) => `${way}${end}${literal.text}`));
    }
    return ways;
  }
  if (ts.isConditionalExpression(node)) {
    const [yes, no] = [waysOf(node.whenTrue, parts), waysOf(node.whenFalse, parts)];
    return yes === null && no === null ? null : [...(yes ?? [VALUE]), ...(no ?? [VALUE])];
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const right = waysOf(node.right, parts);
    if (kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken)
      return right && [...(waysOf(node.left, parts) ?? [VALUE]), ...right];
    if (kind !== ts.SyntaxKind.PlusToken) return null;
    const left = waysOf(node.left, parts);
    if (left === null && right === null) return null;
    return (left ?? [VALUE]).flatMap((way) => (right ?? [VALUE]).map((end) => `${way}${end}`));
  }
  return null;
}

function withPlaces(way: string): string {
  let index = 0;
  // Values that follow one another without a word between them are one.
  return way.replace(/\uE000(?:\s*\uE000)+/g, VALUE).replaceAll(VALUE, () => `{{${index++}}}`);
}

/** Words beside its values, parted by blanks: no name, no path and no slug. */
const isProse = (key: string): boolean => {
  const own = key.replaceAll(/\{\{\d+\}\}/g, '\uE000');
  const words = own.match(/\p{L}{2,}/gu)?.length ?? 0;
  return /\S\s+\S/.test(own) && (words >= 2 || (words === 1 && own.includes('\uE000')));
};

/** What is no sentence for people: statements of SQL, options of programs, names of nodes of a syntax tree. */
const IS_CODE =
  /^(select|insert|update|delete|alter|create|drop|begin|set|lock|with|grant|perform|until_at|table|limit)\b[^.]*$|^-|^\n|^[\w.-]+$|\bcase when\b|=>|^#|^\||\\u0000|HTTP\/1|^[a-z]+:\/\/|%%|::/i;

/** Calls that speak to a developer or to a program. */
const UNHEARD =
  /(^|\.)(query|error|warn|info|debug|family|inTurns|streamOf|test|match|replace|includes|startsWith|endsWith|set|createRole)$/;

/** Single words that the engine puts into sentences: no rule tells them from ids. */
const words = ['issued', 'done', 'lost', 'expired', 'dead-lettered', 'effect', 'removal'];

/** Every sentence that the engine may say in the window, once. */
export function engineTexts(): Said[] {
  const texts = new Map<string, string>();
  for (const { key, place } of allSaid()) if (!silent.has(key) && !texts.has(key)) texts.set(key, place);
  for (const word of words) texts.set(word, 'a word of the engine');
  return [...texts].map(([key, place]) => ({ key, place }));
}

/** Entries of `not-said.json` that the engine does not hold any more. */
export function silentNoMore(): string[] {
  const now = new Set(allSaid().map(({ key }) => key));
  return [...silent].filter((key) => !now.has(key));
}

let all: Said[] | null = null;

const allSaid = (): Said[] => (all ??= saidIn(sourcesOf('engine/**/*.ts').filter(({ file }) => SPEAKS.test(file))));

function saidIn(sources: readonly Source[]): Said[] {
  const found: Said[] = [];
  for (const { tree } of sources) {
    const take = (node: ts.Expression): void => {
      const ways = waysOf(node, take);
      for (const way of ways ?? []) {
        const key = withPlaces(way).trim();
        if (isProse(key) && !IS_CODE.test(key)) found.push({ key, place: placeOf(node) });
      }
    };
    const visit = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
      if (ts.isCallExpression(node) && UNHEARD.test(node.expression.getText())) return;
      if (ts.isTaggedTemplateExpression(node)) return;
      const isText =
        ts.isExpression(node) &&
        (ts.isStringLiteralLike(node) ||
          ts.isTemplateExpression(node) ||
          ts.isConditionalExpression(node) ||
          ts.isBinaryExpression(node));
      if (isText && waysOf(node, () => undefined) !== null) {
        take(node);
        // Within values there may be texts as well.
        const values = (inner: ts.Node): void => {
          if (ts.isCallExpression(inner) || ts.isArrowFunction(inner) || ts.isObjectLiteralExpression(inner))
            visit(inner);
          else ts.forEachChild(inner, values);
        };
        ts.forEachChild(node, values);
        return;
      }
      ts.forEachChild(node, visit);
    };
    visit(tree);
  }
  return found;
}
