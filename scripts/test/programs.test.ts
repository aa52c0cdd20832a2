import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { summarize } from '@neurovoyance/testing/bench'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from '../launch/workspace.mjs'
import { commentText, findPrograms, firstSentence, statedTargets } from '../programs/find.ts'
import { listing } from '../programs/list.ts'
import { checkOptions, optionLines } from '../programs/options.ts'
import { benchmarksPage } from '../programs/page.ts'
import { niceCeiling, plot } from '../programs/plot.ts'
import { parseReport } from '../programs/report.ts'
import { statedOptions } from '../programs/stated-options.ts'

const source = `/**
 * Chooses among 10,000 offers. Then it
 * does more.
 */
import { report } from '@neurovoyance/testing/bench'
report({ bench: 'plan', metrics, targets: { p99Ms: '<5', 'growth': \`<=64\` } })
`

describe('findPrograms', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'neurovoyance-programs-'))
    mkdirSync(path.join(folder, 'packages', 'scheduler', 'bench'), { recursive: true })
    writeFileSync(path.join(folder, 'packages', 'scheduler', 'package.json'), '{}')
    for (const name of ['plan.ts', '_offers.ts', 'plan.test.ts', 'notes.md']) {
      writeFileSync(path.join(folder, 'packages', 'scheduler', 'bench', name), source)
    }
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('finds the programs of a kind with what they say about themselves', () => {
    const programs = findPrograms('bench', folder)
    expect(programs).toEqual([
      {
        kind: 'bench',
        name: 'plan',
        file: path.join('packages', 'scheduler', 'bench', 'plan.ts'),
        description: 'Chooses among 10,000 offers.',
        about: ['Chooses among 10,000 offers. Then it does more.'],
        targets: { p99Ms: '<5', growth: '<=64' },
      },
    ])
    expect(listing('bench', programs)).toContain('plan  Chooses among 10,000 offers. [p99Ms <5, growth <=64]')
    expect(findPrograms('sim', folder)).toEqual([])
  })
})

describe('statedTargets', () => {
  it('reads a constant, through `as const` and `satisfies`', () => {
    expect(
      statedTargets("const targets = { ratio: '>=0.8' } as const satisfies Record<string, string>"),
    ).toEqual({ ratio: '>=0.8' })
  })

  it('is empty where there are none', () => {
    expect(statedTargets('const metrics = { ratio: 1 }')).toEqual({})
  })
})

describe('command lines', () => {
  const stated = statedOptions(`const { values } = parseArgs({ options: {
    seed: { type: 'string', default: String(Date.now()) },
    minutes: { type: 'string', default: '30' },
    seeds: { type: 'string' },
    nodes: { type: 'string', default: '20' },
    stake: { type: 'string', default: '0.5' },
    burn: { type: 'string' },
    only: { type: 'string', default: '' },
    trace: { type: 'boolean', default: false },
  } })
  const burn = Number(values.burn)`)

  it('take what the program states', () => {
    expect(stated).toEqual({
      seed: { value: 'whole' },
      minutes: { value: 'number', fallback: '30' },
      seeds: { value: 'seeds' },
      nodes: { value: 'count', fallback: '20' },
      stake: { value: 'number', fallback: '0.5' },
      burn: { value: 'number' },
      only: { value: 'text' },
      trace: { value: 'none' },
    })
    const args = ['--minutes', '0.5', '--only=x', '--trace', '--nodes', '7', '--seed=0', '--burn', '1e5']
    expect(() => checkOptions(args, stated)).not.toThrow()
    for (const seeds of ['7', '1..1000', '5..5'])
      expect(() => checkOptions(['--seeds', seeds], stated)).not.toThrow()
  })

  it('are explained in a line each', () => {
    expect(optionLines(stated)).toContain('  --nodes    a whole number from 1; else 20')
    expect(optionLines(stated)).toContain('  --trace')
  })

  it.each([
    [['--seconds', '3'], "Unknown option '--seconds': the options are --seed, --minutes, --seeds,"],
    [['3'], "Unexpected argument '3'"],
    [['--trace=yes'], "Option '--trace' does not take an argument"],
    [['--nodes'], "Option '--nodes <value>' argument missing"],
    [['--minutes', 'abc'], "Option '--minutes' takes a number from 0, not 'abc'"],
    [['--minutes='], "Option '--minutes' takes a number from 0, not ''"],
    [['--burn', 'much'], "Option '--burn' takes a number from 0, not 'much'"],
    [['--seed', 'NaN'], "Option '--seed' takes a whole number from 0, not 'NaN'"],
    [['--seed', '-1'], "Option '--seed' takes a whole number from 0, not '-1'"],
    [['--seed', '1.5'], "Option '--seed' takes a whole number from 0, not '1.5'"],
    [['--nodes', '0'], "Option '--nodes' takes a whole number from 1, not '0'"],
    [['--seeds', 'foo'], "Option '--seeds' takes a seed such as 7, or a range such as 1..1000, not 'foo'"],
    [['--seeds', '9..1'], "Option '--seeds' takes a seed such as 7, or a range such as 1..1000, not '9..1'"],
    [['--seeds', '1..2..3'], "Option '--seeds' takes"],
  ])('are refused in one line: %j', (args, message) => {
    expect(() => checkOptions(args, stated)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(/^[^\n]+$/) }),
    )
    expect(() => checkOptions(args, stated)).toThrow(message)
  })

  it.each([
    [
      'programs/main.ts bench plan --chekc',
      "Unknown option '--chekc': the options are --check; --help says more\n",
    ],
    [
      'programs/main.ts bench all --chekc',
      "Unknown option '--chekc': the options are --check; --help says more\n",
    ],
    [
      'programs/main.ts sim hive --nodes abc',
      "Option '--nodes' takes a whole number from 1, not 'abc'; --help says more\n",
    ],
    [
      'programs/main.ts sim consensus --seeds foo',
      "Option '--seeds' takes a seed such as 7, or a range such as 1..1000, not 'foo'; --help says more\n",
    ],
    ['programs/main.ts sim fuzz --frames 1 --only nothing', "No decoder's name begins with 'nothing'\n"],
    [
      'suite/main.ts --nonsense',
      expect.stringMatching(/^Unknown option '--nonsense': .*; --help says more\n$/),
    ],
  ])('end with one line and exit code 2: %s', (command, line) => {
    const { status, stdout, stderr } = launch(command)
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: line })
  })

  it('list the programs on --list, and beside what is no name of one', () => {
    const { status, stdout } = launch('programs/main.ts bench --list')
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^ {2}infer-latency {2}/m)])
    const unknown = launch('programs/main.ts bench infer-speed')
    expect(unknown).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^There is no bench 'infer-speed'\. There are:\n[\s\S]*\n {2}infer-latency {2}/,
      ),
    })
    expect(launch('programs/main.ts sim --seed 7').stderr).toMatch(
      /^The name of a sim comes first, not '--seed'\./,
    )
  })

  it("show the program's docstring and options", () => {
    const { status, stdout } = launch('programs/main.ts soak waves --help')
    expect(status).toBe(0)
    expect(stdout).toContain('\n\n    pnpm soak waves --minutes 30')
    expect(stdout).toContain('\nOptions:\n  --minutes  a number from 0; else 30\n')
    expect(commentText('/**\n * One.\n *\n *     two\n */\nconst a = 1')).toBe('One.\n\n    two')
  })
})

function launch(command: string) {
  const [file = '', ...args] = command.split(' ')
  return spawnSync(process.execPath, [path.join(root, 'scripts', file), ...args], { encoding: 'utf8' })
}

it('takes the first sentence of the first comment', () => {
  expect(firstSentence('/** One line */\n/** Another. */')).toBe('One line')
  expect(firstSentence("import a from 'a'\n\n// Two lines\n// of it. More.\nconst b = 1")).toBe(
    'Two lines of it.',
  )
  expect(firstSentence('const a = 1 / 2')).toBe('')
})

it('reads a report from the last line, and nothing else', () => {
  const line = '{"bench":"plan","metrics":{},"targets":{},"pass":true}'
  expect(parseReport(line)).toEqual(JSON.parse(line))
  for (const other of ['', 'done', '1', 'null', '{"bench":"plan"}'])
    expect(parseReport(other)).toBeUndefined()
})

describe('the page of benchmarks', () => {
  const [program] = [
    {
      name: 'plan',
      kind: 'bench' as const,
      file: 'packages/scheduler/bench/plan.ts',
      description: 'Plans.',
      about: ['Plans. Quickly.', 'And well.'],
      targets: {},
    },
  ]
  const report = {
    bench: 'plan',
    metrics: { p99Ms: 6.2, offers: 10_000 },
    targets: { p99Ms: '<5' as const },
    pass: false,
  }

  it('names missed targets and benchmarks that broke, and describes the machine', () => {
    const page = benchmarksPage(
      [
        { program, code: 0, report },
        { program: { ...program, name: 'broken' }, code: 3, report: undefined },
      ],
      new Set(['plan']),
    )
    expect(page).toContain('0 of 2 benchmarks met their targets.')
    expect(page).toContain('| [plan](#plan) | p99Ms | 6.2 | <5 | **missed** |')
    expect(page).toContain(
      'Plans. Quickly.\n\nAnd well.\n\n`npm run bench -- plan` (`packages/scheduler/bench/plan.ts`)',
    )
    expect(page).toContain('| [broken](#broken) | | | | failed (exit code 3) |')
    expect(page).toContain('![plan: median, quartiles, 5th and 95th percentile](benchmarks/plan.svg)')
    expect(page).toMatch(/Measured on \d+ cores of .+, \d+ GiB, \w+ \w+, Node 24\./)
  })

  it('draws a row for each side, with what it says made safe', () => {
    const side = { unit: 'ms', ...summarize([1, 2, 3, 4, 5]) }
    const svg = plot('a & b', { ours: side, '<theirs>': side })
    expect(svg.match(/class="box"/g)).toHaveLength(2)
    expect(svg).toContain('&#60;theirs&#62;')
    expect(svg).toContain('aria-label="a &#38; b"')
    expect(svg).toContain('>3 ms<')
  })

  it.each([
    [0, 1],
    [0.7, 1],
    [1.2, 2],
    [2.2, 2.5],
    [340, 500],
    [800, 1000],
  ])('ends the axis for %d at %d', (value, end) => {
    expect(niceCeiling(value)).toBe(end)
  })
})
