import type { Phase } from './step.ts'
import { build, typecheck } from './steps/build.ts'
import { docs } from './steps/docs.ts'
import { examples } from './steps/examples.ts'
import { fuzz } from './steps/fuzz.ts'
import { layers } from './steps/layers.ts'
import { publish } from './steps/publish.ts'
import { readmes } from './steps/readmes.ts'
import { size } from './steps/size.ts'
import { style } from './steps/style.ts'
import { scripts, tests } from './steps/tests.ts'
import { thirdParty } from './steps/third-party.ts'
import { unused } from './steps/unused.ts'

/** All checks, in their order. Tests run alone, as they measure themselves against deadlines; the others in pairs. */
export const phases: readonly Phase[] = [
  { steps: [build], width: 1, stream: false },
  { steps: [typecheck, style, layers, unused, publish, size, docs, scripts], width: 2, stream: false },
  { steps: [tests], width: 1, stream: true },
  { steps: [thirdParty, fuzz, readmes, examples], width: 2, stream: false },
]

/** The phases with the steps that `only` names (all where it is empty) and `skip` does not, by name or group. */
export function chosen(from: readonly Phase[], only: readonly string[], skip: readonly string[]): Phase[] {
  return from
    .map(phase => ({
      ...phase,
      steps: phase.steps.filter(({ name, group }) => {
        const isNamed = (names: readonly string[]): boolean => names.includes(name) || names.includes(group)
        return (only.length === 0 || isNamed(only)) && !isNamed(skip)
      }),
    }))
    .filter(({ steps }) => steps.length > 0)
}

/** What `npm test -- --help` prints. */
export function help(): string {
  const steps = phases.flatMap(phase => phase.steps)
  return [
    'npm test                        every check',
    'npm test -- --only lint,tests   some of them, by name or group',
    'npm test -- --skip third-party  all but some',
    '',
    ...steps.map(({ name, group, what }) => `  ${name.padEnd(12)} ${group.padEnd(6)} ${what}`),
  ].join('\n')
}
