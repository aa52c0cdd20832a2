import { layers } from './scripts/suite/layers.mjs'

/** Files of any package of the workspace, by the paths that imports resolve to. */
const workspace = '^(?:packages|apps|examples)/'

/** @param {readonly string[]} dirs */
const filesOf = dirs => `^(?:${dirs.join('|')})/`

/** @param {number} level */
const below = level => Object.keys(layers).filter(dir => layers[dir].level < level)

const sources = Object.entries(layers).map(([dir, { imports }]) => ({
  name: `${dir} imports only what lies below it`,
  severity: 'error',
  from: { path: `^${dir}/src/`, pathNot: '\\.test\\.ts$' },
  to: { path: workspace, pathNot: filesOf([dir, ...imports]) },
}))

const testsAndPrograms = Object.entries(layers).map(([dir, { level, imports }]) => ({
  name: `${dir}: tests and programs import what lies below it, and testing`,
  severity: 'error',
  from: { path: `^${dir}/(?:(?:test|bench|sim|soak)/|src/.*\\.test\\.ts$)` },
  to: { path: workspace, pathNot: filesOf([dir, ...imports, ...below(level), 'packages/testing']) },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...sources,
    ...testsAndPrograms,
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
      from: {
        path: ['^packages/[^/]+/src/core/', '^packages/[^/]+/src/[^/]+/core/'],
        pathNot: '\\.test\\.ts$',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'a pure core imports no adapter',
      severity: 'error',
      from: { path: '^(packages/[^/]+)/src/core/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/[^/]+/src/', pathNot: ['^$1/src/core/', '^$1/src/[^/]+\\.ts$'] },
    },
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
