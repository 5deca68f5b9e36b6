/**
 * A word for a command line that somebody copies into a shell, be it a POSIX one, PowerShell or cmd.exe. Between double quotes all of
 * them take the same signs apart; those, and what cannot be seen, become "?": such a name must be typed by hand, and runs nothing.
 */
export function shellWord(text: string): string {
  if (/^[\w./:@+=][\w./:@+=-]*$/.test(text)) return text;
  return `"${text.replace(/["$`\\!%]|\p{C}|\p{Zl}|\p{Zp}/gu, '?')}"`;
}
