/** What `workerd serve` needs to know. */
export interface WorkerdConfig {
  /** Names of files beside the config. */
  entry: string;
  worker: string;
  /** Which behaviour of the runtime the Worker was written for, as YYYY-MM-DD. */
  compatibilityDate: string;
  compatibilityFlags: readonly string[];
  bindings: Readonly<Record<string, string>>;
}

/** The name under which the entry imports the user's module. */
export const WORKER_MODULE = 'worker';

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
  worker,
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
    (name = ${quote(WORKER_MODULE)}, esModule = embed ${quote(worker)}),
  ],
  compatibilityDate = ${quote(compatibilityDate)},
  compatibilityFlags = [${compatibilityFlags.map(quote).join(', ')}],
  bindings = [${Object.entries(bindings)
    .map(([name, text]) => `(name = ${quote(name)}, text = ${quote(text)})`)
    .join(', ')}],
);
`;
