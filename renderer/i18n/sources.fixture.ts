import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Source {
  file: string;
  tree: ts.SourceFile;
}

export function sourcesOf(pattern: string | string[]): Source[] {
  return globSync(pattern, { cwd: ROOT })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !/\.(test|fixture|spec)\.|\/fixtures(\/|\.)/.test(file))
    .sort()
    .map((file) => ({
      file,
      tree: ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true),
    }));
}

export const placeOf = (node: ts.Node): string => {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
};

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** A text that the window shows, and where it is written. */
export interface Text {
  key: string;
  /** A number chooses its words. */
  isPlural: boolean;
  place: string;
}

const isLiteral = (node: ts.Node | undefined): node is ts.StringLiteralLike =>
  node !== undefined && ts.isStringLiteralLike(node);

/** The names of the values that are given to a text. */
const valueNames = (node: ts.Node | undefined): string[] =>
  node && ts.isObjectLiteralExpression(node)
    ? node.properties.flatMap(({ name }) => (name && (ts.isIdentifier(name) || isLiteral(name)) ? [name.text] : []))
    : [];

/** Every text in calls of `t`, `key` and the desktop's `inWords`, and in `Trans`. */
export function textsIn(sources: readonly Source[]): Text[] {
  const texts: Text[] = [];
  for (const { tree } of sources)
    walk(tree, (node) => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
        const [text, values] = node.arguments;
        if (['t', 'key', 'inWords'].includes(node.expression.text) && isLiteral(text))
          texts.push({
            key: text.text,
            isPlural: valueNames(values).includes('count') || (node.expression.text === 'key' && isCounted(text.text)),
            place: placeOf(node),
          });
      }
      if (ts.isJsxAttribute(node) && node.name.getText() === 'i18nKey' && isLiteral(node.initializer))
        texts.push({ key: node.initializer.text, isPlural: isCounted(node.initializer.text), place: placeOf(node) });
    });
  return texts;
}

/** Texts of the desktop: its own, and the names of what the system puts into menus. */
export function desktopTextsIn(sources: readonly Source[]): Text[] {
  const texts = textsIn(sources);
  for (const { tree } of sources)
    walk(tree, (node) => {
      if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'role') return;
      const title = node.arguments[1];
      if (isLiteral(title)) texts.push({ key: title.text, isPlural: false, place: placeOf(node) });
    });
  return texts;
}

const isCounted = (key: string): boolean => key.includes('{{count}}');

/** Names in the `{{places}}` of a text. */
export const placesIn = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] as string)),
];

/** Calls of `t` whose values are not those of its text. */
export const wrongValuesIn = (sources: readonly Source[]): string[] => {
  const wrong: string[] = [];
  for (const { tree } of sources)
    walk(tree, (node) => {
      if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 't') return;
      const [text, values] = node.arguments;
      if (!isLiteral(text) || (values && !ts.isObjectLiteralExpression(values))) return;
      const given = valueNames(values);
      const wanted = placesIn(text.text);
      if (
        wanted.some((name) => !given.includes(name)) ||
        given.some((name) => name !== 'count' && !wanted.includes(name))
      )
        wrong.push(`${placeOf(node)}: "${text.text}" is given ${given.join(', ') || 'nothing'}`);
    });
  return wrong;
};

/** Attributes that people read, or hear. */
const READ =
  /^(label|title|placeholder|alt|description|error|summary|aria-label|aria-description|aria-roledescription)$/;

/** No words: an address, a path, our name. */
const isNoWord = (text: string): boolean => !/\p{L}{2}/u.test(text) || text.includes('/') || text === 'Archipel';

/** Words in the markup itself, which no language would reach. */
export function bareTextsIn(sources: readonly Source[]): string[] {
  const bare: string[] = [];
  for (const { tree } of sources)
    walk(tree, (node) => {
      if (ts.isJsxText(node) && !isNoWord(node.text)) bare.push(`${placeOf(node)}: ${node.text.trim()}`);
      if (!ts.isJsxAttribute(node) || !READ.test(node.name.getText()) || !node.initializer) return;
      const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (isLiteral(value) && !isNoWord(value.text)) bare.push(`${placeOf(node)}: ${value.text}`);
    });
  return bare;
}

/** Components that show words and do not ask for them with `useT`, so that another language would not reach them at once. */
export function deafComponentsIn(sources: readonly Source[]): string[] {
  const deaf: string[] = [];
  for (const { tree } of sources) {
    walk(tree, (node) => {
      if (!ts.isFunctionDeclaration(node) && !ts.isFunctionExpression(node) && !ts.isArrowFunction(node)) return;
      if (!/^[A-Z]/.test(nameOf(node)) || !node.body) return;
      let asks = false;
      let shows = false;
      walk(node.body, (inner) => {
        if (!ts.isCallExpression(inner) || !ts.isIdentifier(inner.expression)) return;
        if (inner.expression.text === 'useT') asks = true;
        if (['t', 'said'].includes(inner.expression.text)) shows = true;
      });
      if (shows && !asks) deaf.push(`${placeOf(node)}: ${nameOf(node)}`);
    });
  }
  return deaf;
}

function nameOf(node: ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction): string {
  if (node.name) return node.name.text;
  const owner = ts.isCallExpression(node.parent) ? node.parent.parent : node.parent;
  return ts.isVariableDeclaration(owner) && ts.isIdentifier(owner.name) ? owner.name.text : '';
}
