import { layers } from './scripts/suite/layers.mjs'

/** Which package may import which: docs/architecture.md draws it, `npm test -- --only layers` enforces it. */
const mayImport = Object.entries(layers)

/** The built or source files of a package, by the paths that imports resolve to. */
const filesOf = names => `^(?:${names.join('|')})/`

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...mayImport.map(([dir, below]) => ({
      name: `${dir} imports only what lies below it`,
      severity: 'error',
      from: { path: `^${dir}/src/` },
      to: { path: '^(?:packages|apps|examples)/', pathNot: filesOf([dir, ...below]) },
    })),
    ...mayImport.map(([dir, below]) => ({
      name: `${dir}: tests and programs import what lies below it, and testing`,
      severity: 'error',
      from: { path: `^${dir}/(?:test|bench|sim|soak)/` },
      to: { path: '^(?:packages|apps|examples)/', pathNot: filesOf([dir, ...below, 'packages/testing']) },
    })),
    {
      name: 'an import of another package goes through its exports',
      severity: 'error',
      from: { path: '^((?:packages|apps|examples)/[^/]+)/' },
      to: { path: '^(?:packages|apps|examples)/[^/]+/(?:src|test|bench|sim|soak)/', pathNot: '^$1/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'a pure core imports no input or output',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/core/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'a pure core imports no adapter',
      severity: 'error',
      from: { path: '^(packages/[^/]+)/src/core/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/[^/]+/src/', pathNot: ['^$1/src/core/', '^$1/src/[^/]+\\.ts$'] },
    },
    { name: 'every import resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
