import { createHash } from 'node:crypto';
import { type Markup, markup, Markup as Raw } from '../markup.ts';
import { style } from './style.ts';

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing but this one style: no script, no connection, no font or picture from anywhere, no form, no other base. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** A page that is one file: it opens from a disk, without a network and without a script. */
export const page = (options: {
  title: string;
  sections: readonly Section[];
  heading: Markup;
  footer: string;
}): Markup => {
  const shown = options.sections.filter(({ content }) => content !== null);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Archipel">
<title>${options.title}</title>
<style>${new Raw(style)}</style>
</head>
<body>
<main>
${options.heading}
<nav aria-label="Sections"><ul>${shown.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
${shown.map(({ content }) => content)}
<footer>${options.footer}</footer>
</main>
</body>
</html>
`;
};

export interface Section {
  id: string;
  title: string;
  content: Markup | null;
}
