/** What a program needs of the system to run at all, and the mark by which processes of an engine are known. */
const NEEDED =
  /^(PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|PATHEXT|COMSPEC|USERPROFILE|ARCHIPEL_RUN|ELECTRON_RUN_AS_NODE)$/i;

/** The others stay with the user: a function in the cloud has none of them either. */
export const inheritedVariables = (all: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => NEEDED.test(entry[0]) && entry[1] !== undefined),
  );
