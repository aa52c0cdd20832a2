import type { Command, Option } from 'commander'

/** What may follow a command. */
export interface CompletionWords {
  /** The command after `nv`: `''`, `models`, `models add`. */
  readonly path: string
  /** Commands below it and choices of its argument; where there are none, files may follow. */
  readonly names: readonly string[]
  readonly options: readonly Option[]
}

/** What may follow each command of a program. */
export function completionWords(program: Command): CompletionWords[] {
  const words: CompletionWords[] = []
  const visit = (command: Command, path: readonly string[]) => {
    const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])
    const names = [...command.commands.map(child => child.name()), ...choices]
    const options = command.createHelp().visibleOptions(command)
    words.push({ path: path.join(' '), names, options })
    for (const child of command.commands) visit(child, [...path, child.name()])
  }
  visit(program, [])
  return words
}

/** Whether an option is followed by a value. */
export function takesValue({ required, optional }: Option): boolean {
  return required || optional
}

/** An option as it is typed: `-n` and `--nodes`. */
export function spellings({ short, long }: Option): string[] {
  return [short, long].filter(spelling => spelling !== undefined)
}
