/** What `workerd serve` needs to know. */
export interface WorkerdConfig {
  /** A file beside the config. */
  entry: string;
  /** Those of the Worker: what they import each other by, and where they are, relative to the config. */
  modules: readonly { name: string; file: string }[];
  /** Which behaviour of the runtime the Worker was written for, as YYYY-MM-DD. */
  compatibilityDate: string;
  compatibilityFlags: readonly string[];
  bindings: Readonly<Record<string, string>>;
}

/** A string of Cap'n Proto's text format: as in C. */
const quote = (text: string): string =>
  `"${[...text].map((each) => (/[ !#-[\]-~]/.test(each) ? each : bytesOf(each))).join('')}"`;

const bytesOf = (character: string): string =>
  [...Buffer.from(character, 'utf8')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/**
 * The config as text: https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp. One Worker that may
 * call whatever can be reached, 127.0.0.1 included.
 */
export const workerdConfig = ({
  entry,
  modules,
  compatibilityDate,
  compatibilityFlags,
  bindings,
}: WorkerdConfig): string => `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const main :Workerd.Worker = (
  modules = [
    (name = "entry", esModule = embed ${quote(entry)}),
${modules.map(({ name, file }) => `    (name = ${quote(name)}, esModule = embed ${quote(file)}),`).join('\n')}
  ],
  compatibilityDate = ${quote(compatibilityDate)},
  compatibilityFlags = [${compatibilityFlags.map(quote).join(', ')}],
  bindings = [${Object.entries(bindings)
    .map(([name, text]) => `(name = ${quote(name)}, text = ${quote(text)})`)
    .join(', ')}],
);
`;
