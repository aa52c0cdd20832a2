import { Argument, Command } from 'commander'
import { SCRIPTS, type Shell } from '../completion-scripts.js'
import { completionWords } from '../completion-words.js'
import { contextOf } from '../context.js'

/** `nv completion bash|zsh|fish` */
export function completionCommand(program: Command, signal: AbortSignal): Command {
  return new Command('completion')
    .description('Print a script that completes nv’s commands and options in your shell.')
    .addArgument(new Argument('<shell>').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      '\nExamples:\n  nv completion bash >> ~/.bashrc\n  nv completion zsh > ~/.zsh/completions/_nv\n  nv completion fish > ~/.config/fish/completions/nv.fish',
    )
    .action((shell: Shell, _, command: Command) => {
      const script = SCRIPTS[shell](completionWords(program))
      contextOf(command, signal).output.answer({ shell, script }, () => script.trimEnd())
    })
}
