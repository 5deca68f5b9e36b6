// One zone per room: what a room may import of ours. An arrow that is not here is an error.
const definitions =
  '^engine/(catalogue\\.ts$|(kinds|faults)/(index|define-[a-z]+|replicas|fault-lists|[a-z]+-check|[a-z]+-fields|[a-z]+-measures)\\.ts$|(kinds|faults)/[^/]+/(definition|check|destinations|measures|[a-z]+-schema)\\.ts$)';
const contractTypes = '^engine/(api/((types|engine)\\.ts$|types/)|records/record\\.ts$)';
const test = '\\.(test|fixture|spec)\\.tsx?$';
const room = (name) => `^engine/${name}/`;

/** `from` may import of ours only what matches one of `to`. Tests may reach further: they put rooms together. */
const zone = (name, from, to) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: test },
  to: { path: '^(engine|renderer|electron|e2e|bench|scripts)/', pathNot: [from, ...to].flat() },
});

const isomorphic = [room('model'), definitions, '^renderer/'].flat();

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      comment: 'An import that cannot be resolved, or a package that package.json does not name.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^vite/client$' },
    },
    {
      name: 'no-node-in-the-browser',
      comment: 'The window and what it shares with the engine run in a browser too.',
      severity: 'error',
      from: { path: isomorphic, pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-only-in-the-shell',
      severity: 'error',
      from: { pathNot: '^(electron|e2e|scripts)/' },
      to: { path: '(^|/)node_modules/electron/' },
    },

    zone('model', room('model'), []),
    zone('definitions', definitions, [room('model')]),
    zone('metrics', room('metrics'), [room('model'), contractTypes, '^engine/process-kit/protocol\\.ts$']),
    zone('wire', room('wire'), []),
    zone('process-kit', room('process-kit'), [
      room('model'),
      room('metrics'),
      room('wire'),
      '^engine/faults/(act|random)\\.ts$',
    ]),
    zone('traffic', room('traffic'), [room('model'), room('metrics'), room('process-kit')]),
    zone('programs', '^engine/kinds/[^/]+/', [
      room('model'),
      room('metrics'),
      room('process-kit'),
      room('traffic'),
      room('wire'),
      definitions,
      '^engine/runtime/(launch|operating-system|guardian/process-table)\\.ts$',
    ]),
    zone('documents', room('documents'), [room('model'), definitions, contractTypes]),
    zone('faults', room('faults'), [
      room('wire'),
      room('model'),
      room('metrics'),
      room('process-kit'),
      room('runtime'),
      contractTypes,
    ]),
    zone('runtime', room('runtime'), [
      room('model'),
      room('metrics'),
      room('process-kit'),
      room('kinds'),
      room('faults'),
      room('wire'),
      contractTypes,
      definitions,
    ]),
    zone('experiments', room('experiments'), [
      room('model'),
      room('metrics'),
      room('faults'),
      room('process-kit'),
      contractTypes,
      definitions,
    ]),
    zone('sweeps', room('sweeps'), [
      room('model'),
      room('metrics'),
      room('experiments'),
      '^engine/traffic/random\\.ts$',
      contractTypes,
    ]),
    zone('traces', room('traces'), [room('model'), room('metrics'), room('process-kit'), contractTypes]),
    zone('records', room('records'), [
      room('model'),
      room('metrics'),
      '^engine/documents/(data-directory|is-alive)\\.ts$',
      contractTypes,
    ]),
    zone('jobs', room('jobs'), [
      '^engine/wire/resp/',
      '^engine/sweeps/course\\.ts$',
      '^engine/documents/(data-directory|is-alive|small-file)\\.ts$',
      contractTypes,
    ]),
    zone('reports', room('reports'), [room('model'), room('metrics'), contractTypes, definitions]),
    zone('api', room('api'), ['^engine/(?!cli/)']),
    zone('cli', room('cli'), ['^engine/']),
    zone('renderer', '^renderer/', [room('model'), '^engine/api/router\\.ts$', contractTypes, definitions]),
    zone('electron', '^electron/', ['^engine/api/types\\.ts$']),
    {
      name: 'contract-by-type-only',
      comment: 'The router holds server code; the window needs its type and must not bundle it.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^engine/(api|records)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mts', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
