import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { emitModules } from '../codegen/emit.ts'
import { readSchemas, type SchemaFile } from '../codegen/schema.ts'

/** The schema of one file with this body. */
function schemaOf(body: string): SchemaFile {
  const dir = mkdtempSync(join(tmpdir(), 'schema-'))
  try {
    mkdirSync(join(dir, 'neurovoyance/sample/v1'), { recursive: true })
    const head = 'syntax = "proto3";\npackage neurovoyance.sample.v1;\nimport "neurovoyance/options.proto";\n'
    writeFileSync(join(dir, 'neurovoyance/sample/v1/sample.proto'), head + body)
    return readSchemas(dir)[0]!
  } finally {
    rmSync(dir, { recursive: true })
  }
}

const message = (fields: string) => `// A message.\nmessage Sample {\n${fields}\n}`

describe('a schema is refused that', () => {
  it.each([
    ['has a string without a limit', message('// A name.\nstring name = 1;'), 'needs max_bytes'],
    [
      'limits what is no string',
      message('// A.\nbool a = 1 [(neurovoyance.max_bytes) = "nameBytes"];'),
      'needs max_bytes',
    ],
    [
      'has a list without a limit',
      `${message('// A.\nrepeated Sample2 a = 1;')}\n// B.\nmessage Sample2 {}`,
      'needs max_items',
    ],
    [
      'names a limit that is not there',
      message('// A.\nstring a = 1 [(neurovoyance.max_bytes) = "no"];'),
      'not in LIMITS',
    ],
    [
      'has an option that nobody reads',
      message('// A.\nbool a = 1 [(neurovoyance.min) = "nameBytes"];'),
      'unknown option',
    ],
    ['has a field without a comment', message('bool a = 1;'), 'has no comment'],
    ['holds itself', message('// A.\noptional Sample a = 1;'), 'holds itself'],
    ['uses oneof', message('oneof a {\n// B.\nbool b = 1;\n}'), 'uses oneof'],
    ['has a map', message('// A.\nmap<uint32, bool> a = 1;'), 'is a map'],
    ['has signed numbers', message('// A.\nint64 a = 1;'), 'has the type int64'],
    [
      'repeats a number',
      message('// A.\nrepeated uint32 a = 1 [(neurovoyance.max_items) = "tensors"];'),
      'repeats a number',
    ],
    [
      'repeats a flag',
      message('// A.\nrepeated bool a = 1 [(neurovoyance.max_items) = "tensors"];'),
      'repeats a number',
    ],
    ['names a field as generated code does', message('// A.\nbool reader = 1;'), 'generated code uses'],
    [
      'starts an enum elsewhere',
      '// E.\nenum Kind {\nKIND_RAW = 0;\n}',
      'has to start with KIND_UNSPECIFIED',
    ],
    [
      'leaves a gap in an enum',
      '// E.\nenum Kind {\nKIND_UNSPECIFIED = 0;\nKIND_RAW = 2;\n}',
      'numbers its values',
    ],
    [
      'streams one way',
      `// S.\nservice SampleService {\noption (neurovoyance.version) = "1.0.0";\n// C.\nrpc C(stream M) returns (M);\n}
       // M.\nmessage M { option (neurovoyance.max_message_bytes) = "smallMessageBytes"; }`,
      'streams one way only',
    ],
    [
      'sends a message that has no limit',
      `// S.\nservice SampleService {\noption (neurovoyance.version) = "1.0.0";\n// C.\nrpc C(M) returns (M);\n}
       // M.\nmessage M {}`,
      'give it max_message_bytes',
    ],
    ['has a service without a version', '// S.\nservice SampleService {}', 'has no version'],
  ])('%s', (_case, body, problem) => {
    expect(() => schemaOf(body)).toThrow(problem)
  })
})

it('a name is declared once among all schemas', () => {
  const file = schemaOf(message('// A.\nbool a = 1;'))
  expect(() => emitModules([file, { ...file, area: 'other' }])).toThrow('is declared in sample and in other')
})
