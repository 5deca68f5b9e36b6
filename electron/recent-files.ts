/** A file that the menu offers as opened last. */
export interface RecentFile {
  path: string;
  name: string;
  /** It is not there now. */
  missing: boolean;
}

const MOST = 12;
const LONGEST_NAME = 80;

const isRecentFile = (value: unknown): value is RecentFile => {
  const { path, name, missing } = (value ?? {}) as Partial<RecentFile>;
  return typeof path === 'string' && typeof name === 'string' && typeof missing === 'boolean';
};

/** What the window told of the files that were opened last; what is no such file is left out. */
export const recentFilesOf = (value: unknown): RecentFile[] =>
  (Array.isArray(value) ? value : [])
    .filter(isRecentFile)
    .slice(0, MOST)
    .map(({ path, name, missing }) => ({ path, name: name.slice(0, LONGEST_NAME), missing }));
