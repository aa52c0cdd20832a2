import { expect, it } from 'vitest'
import { blocksOf } from '../suite/readme.ts'

const markdown = `# Title

\`\`\`ts
console.log('runs')
\`\`\`

\`\`\`sh
npm start
\`\`\`

\`\`\`ts no-run
await network()
\`\`\`

\`\`\`tsx
<App />
\`\`\`
`

it('finds the TypeScript blocks, their lines, and which of them run', () => {
  expect(blocksOf(markdown)).toEqual([
    { line: 3, code: "console.log('runs')\n", runs: true },
    { line: 11, code: 'await network()\n', runs: false },
  ])
})
