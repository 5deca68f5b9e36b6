/**
 * Of the requests that were sent along an edge, the part that each replica got, by its number. Undefined where nothing was
 * sent, or where the callers do not say.
 */
export function sharesOf(
  sent: Record<string, number>,
  before: Record<string, number> = {},
): Record<string, number> | undefined {
  const grown = Object.entries(sent).map(([replica, count]) => [replica, count - (before[replica] ?? 0)] as const);
  const all = grown.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return undefined;
  return Object.fromEntries(grown.filter(([, count]) => count > 0).map(([replica, count]) => [replica, count / all]));
}
