import { type Action, keywordsOf, titleNow } from './action.ts';

/** Those of which the title, the family or other words hold each word of the query; best titles first. */
export function found(query: string, actions: readonly Action[]): Action[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = actions.flatMap((action) => {
    const title = titleNow(action).toLowerCase();
    const rest = keywordsOf(action).toLowerCase();
    if (!words.every((word) => title.includes(word) || rest.includes(word))) return [];
    const score =
      words.filter((word) => ` ${title}`.includes(` ${word}`)).length * 2 +
      words.filter((word) => title.includes(word)).length;
    return [{ action, score }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ action }) => action);
}
