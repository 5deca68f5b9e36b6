import type { DocumentError } from '../definition.ts';
import { methodsWithBody, parametersIn } from '../request-parts.ts';
import { list, object, oneOf, text } from './outline.ts';

/**
 * Each parameter of a path has its keys, each parameter that has keys is in the path, and only what carries a body has a
 * size. A trace brings its keys along.
 */
export const checkRoutes = (routes: unknown, path: string, drawsKeys: boolean): DocumentError[] =>
  list(routes).flatMap((raw, index) => {
    const route = object(raw);
    const at = `${path}.routes[${index}]`;
    return [...checkParameters(route, at, drawsKeys), ...checkBody(route, at)];
  });

function checkParameters(route: Record<string, unknown>, at: string, drawsKeys: boolean): DocumentError[] {
  const inPath = parametersIn(text(route.path) ?? '');
  const declared = list(route.parameters).map((parameter) => text(object(parameter).name));
  const errors: DocumentError[] = [];
  for (const [index, name] of inPath.entries()) {
    if (inPath.indexOf(name) < index)
      errors.push({
        path: `${at}.path`,
        message: `has the segment ":${name}" twice`,
        nextStep: 'Give each parameter a name of its own.',
      });
    else if (drawsKeys && !declared.includes(name))
      errors.push({
        path: `${at}.parameters`,
        message: `says nothing of ":${name}" in "${text(route.path)}"`,
        nextStep: `Add { "name": "${name}", "keys": 1000 }.`,
      });
  }
  for (const [index, name] of declared.entries()) {
    if (name === null) continue;
    if (!inPath.includes(name))
      errors.push({
        path: `${at}.parameters[${index}].name`,
        message: `no segment ":${name}" is in "${text(route.path) ?? ''}"`,
        nextStep: oneOf(
          inPath.filter((known) => !declared.includes(known)),
          `Write ":${name}" as a segment of the path, or remove the parameter.`,
        ),
      });
    else if (declared.indexOf(name) < index)
      errors.push({
        path: `${at}.parameters[${index}].name`,
        message: `"${name}" is there twice`,
        nextStep: 'Remove one of them.',
      });
  }
  return errors;
}

function checkBody(route: Record<string, unknown>, at: string): DocumentError[] {
  const method = text(route.method) ?? 'GET';
  const size = object(route.bodyBytes);
  const isEmpty = size.type === undefined || (size.type === 'fixed' && size.sizeBytes === 0);
  const errors: DocumentError[] = [];
  if (!isEmpty && !methodsWithBody.includes(method))
    errors.push({
      path: `${at}.bodyBytes`,
      message: `a ${method} carries no body`,
      nextStep: `Use one of ${methodsWithBody.join(', ')}, or remove the size.`,
    });
  if (Number(size.minBytes) > Number(size.maxBytes))
    errors.push({
      path: `${at}.bodyBytes.maxBytes`,
      message: `is less than minBytes, ${String(size.minBytes)}`,
      nextStep: 'Write the larger number here.',
    });
  return errors;
}
