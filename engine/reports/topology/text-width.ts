/** About how wide a text of semibold sans-serif is: a little too wide rather than too narrow. */
export const widthOf = (text: string, fontSize: number): number =>
  [...text].reduce((sum, sign) => sum + emOf(sign), 0) * fontSize;

function emOf(sign: string): number {
  if (/[ijl.,:;'|!()[\]{} ]/.test(sign)) return 0.34;
  if (/[mwMW@%]/.test(sign)) return 0.92;
  if (/[A-Z]/.test(sign)) return 0.7;
  // CJK and other wide scripts, emoji.
  return (sign.codePointAt(0) as number) > 0x2e7f ? 1.05 : 0.6;
}

/** The text, cut with an ellipsis where it would be wider. */
export function fitted(text: string, width: number, fontSize: number): string {
  if (widthOf(text, fontSize) <= width) return text;
  const signs = [...text];
  while (signs.length > 0 && widthOf(`${signs.join('')}…`, fontSize) > width) signs.pop();
  return `${signs.join('').trimEnd()}…`;
}
