// Who may import whom. One row per room; a room may always import itself. src/cli is the composition root.
const mayImport = {
  domain: [],
  config: ['domain'],
  pg: ['domain', 'config'],
  probes: ['domain', 'pg'],
  engine: ['domain', 'config', 'pg', 'probes'],
  lab: ['domain', 'config', 'pg'],
  report: ['domain'],
  ui: ['domain'],
};
// The console speaks to the supervisor through the wire client only.
const alsoFor = {ui: 'src/engine/wire/'};
// An npm package is imported in exactly the rooms that own it.
const ownerOf = {
  pg: '^src/pg/',
  execa: '^src/(engine|lab)/',
  ink: '^src/ui/',
  react: '^src/ui/',
  zod: '^src/(config|engine/wire|domain/run/evidence)/',
  yaml: '^src/(config|lab|engine/plan)/',
  commander: '^src/cli/',
};

export default {
  forbidden: [
    {name: 'no-circular', severity: 'error', from: {}, to: {circular: true}},
    ...Object.entries(mayImport).map(([room, rooms]) => ({
      name: `${room}-imports-only-${['itself', ...rooms].join('-')}`,
      severity: 'error',
      from: {path: `^src/${room}/`},
      to: {path: '^src/', pathNot: [`^src/(${[room, ...rooms].join('|')})/`, ...(alsoFor[room] ? [`^${alsoFor[room]}`] : [])]},
    })),
    ...Object.entries(ownerOf).map(([name, owner]) => ({
      name: `${name}-only-in-its-room`,
      severity: 'error',
      from: {path: '^src/', pathNot: owner},
      to: {path: `^node_modules/${name}/`},
    })),
    {name: 'domain-is-pure', severity: 'error', from: {path: '^src/domain/'}, to: {dependencyTypes: ['core', 'npm'], pathNot: '^node_modules/zod/'}},
  ],
  options: {parser: 'swc', tsPreCompilationDeps: true, doNotFollow: {path: 'node_modules'}},
};
