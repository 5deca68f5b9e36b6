/** A service of a compose file, as far as it says something about a topology. */
export interface ComposeService {
  name: string;
  image: string | null;
  /** Whether an image is built from source. */
  isBuilt: boolean;
  /** Where from, relative to the file; null where that is not said. */
  context: string | null;
  /** The program and its arguments; null where the image decides. */
  command: string[] | null;
  /** Reachable from outside. */
  isPublished: boolean;
  /** Reachable at all, as far as the file says. */
  isExposed: boolean;
  dependsOn: string[];
  environment: Record<string, string>;
  replicas: number;
  /** Keys that say something which is not taken over. */
  leftOut: string[];
}

type Loose = Record<string, unknown>;

const object = (value: unknown): Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => ['string', 'number', 'boolean'].includes(typeof item)).map(String) : [];

const UNDERSTOOD = new Set([
  'image',
  'build',
  'command',
  'entrypoint',
  'ports',
  'expose',
  'depends_on',
  'links',
  'environment',
  'deploy',
  'scale',
  // What says nothing about who calls whom.
  'container_name',
  'hostname',
  'labels',
  'logging',
  'restart',
  'networks',
  'profiles',
]);

export function readService(name: string, raw: unknown): ComposeService {
  const service = object(raw);
  const build = typeof service.build === 'string' ? { context: service.build } : object(service.build);
  const entrypoint = words(service.entrypoint);
  const command = words(service.command);
  const whole = [...(entrypoint ?? []), ...(command ?? [])];
  const deploy = object(service.deploy);
  return {
    name,
    image: typeof service.image === 'string' ? substituted(service.image) : null,
    isBuilt: service.build !== undefined && service.build !== null,
    context: typeof build.context === 'string' ? substituted(build.context) : null,
    command: whole.length > 0 ? whole : null,
    isPublished: Array.isArray(service.ports) && service.ports.length > 0,
    isExposed: [service.ports, service.expose].some((list) => Array.isArray(list) && list.length > 0),
    dependsOn: [
      ...(Array.isArray(service.depends_on) ? texts(service.depends_on) : Object.keys(object(service.depends_on))),
      ...texts(service.links).map((link) => link.replace(/:.*$/, '')),
    ],
    environment: environmentOf(service.environment),
    replicas: count(deploy.replicas) ?? count(service.scale) ?? 1,
    leftOut: Object.keys(service).filter((key) => !UNDERSTOOD.has(key) && !key.startsWith('x-')),
  };
}

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;

function environmentOf(value: unknown): Record<string, string> {
  const pairs = Array.isArray(value)
    ? texts(value).map((line) => [line.replace(/=.*$/s, ''), line.includes('=') ? line.replace(/^[^=]*=/, '') : ''])
    : Object.entries(object(value)).map(([key, item]) => [key, item === null ? '' : String(item)]);
  return Object.fromEntries(pairs.map(([key = '', text = '']) => [key, substituted(text)]));
}

/** `${NAME:-default}` is its default, and empty without one: the variables of the shell are not known here. */
const substituted = (text: string): string =>
  text.replace(
    /\$\{[A-Za-z_]\w*(?::?[-?+]([^}]*))?\}|\$[A-Za-z_]\w*/g,
    (_, fallback: string | undefined) => fallback ?? '',
  );

/** A command as a list, or as a shell would split it where it is one text with plain quotes. */
function words(value: unknown): string[] | null {
  if (Array.isArray(value)) return texts(value).map(substituted);
  if (typeof value !== 'string') return null;
  const found = substituted(value).match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return found.map((word) => word.replace(/^(["'])(.*)\1$/s, '$2'));
}
