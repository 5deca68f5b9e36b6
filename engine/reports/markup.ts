/** Text that is markup. Only `markup` makes it, so that no text of a document gets into a page as anything but text. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

type Part = Markup | string | number | null | undefined | false | readonly Part[];

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What XML 1.0 has no way to say, and signs that turn the direction of the text around them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unspeakable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** Text for any place between tags, and between double quotes of an attribute, in HTML, SVG and XML. */
const escaped = (text: string): string =>
  text.replace(unspeakable, '\u25a1').replace(/[&<>"']/g, (sign) => entities[sign] as string);

/** HTML, SVG or XML with its values escaped; null, undefined and false are nothing. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] as string;
  parts.forEach((part, index) => {
    text += textOf(part) + (strings[index + 1] as string);
  });
  return new Markup(text);
}

function textOf(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return escaped(String(part));
}
