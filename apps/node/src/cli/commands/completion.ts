import { Argument, Command } from 'commander'

/** `nv completion bash|zsh|fish` */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('Print a script that completes nv’s commands and options in your shell.')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      '\nExamples:\n  nv completion bash >> ~/.bashrc\n  nv completion zsh > ~/.zsh/completions/_nv\n  nv completion fish > ~/.config/fish/completions/nv.fish',
    )
    .action((shell: 'bash' | 'zsh' | 'fish') => {
      process.stdout.write(SCRIPTS[shell](tree(program)))
    })
}

/** Words that may follow each path of commands: `''` is after `nv`, `'models'` after `nv models`. */
type Words = ReadonlyMap<string, readonly string[]>

function tree(program: Command): Words {
  const words = new Map<string, string[]>()
  const visit = (command: Command, path: readonly string[]) => {
    const options = command.options
      .filter(option => !option.hidden)
      .map(option => option.long ?? option.short!)
    words.set(path.join(' '), [...command.commands.map(child => child.name()), ...options, '--help'])
    for (const child of command.commands) visit(child, [...path, child.name()])
  }
  visit(program, [])
  return words
}

const SCRIPTS = {
  bash: (words: Words) => `_nv() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || path="\${path:+$path }$word"; done
  case "$path" in
${cases(words, (path, list) => `    "${path}") COMPREPLY=($(compgen -W "${list}" -- "$cur"));;`)}
    *) COMPREPLY=($(compgen -f -- "$cur"));;
  esac
}
complete -o default -F _nv nv
`,
  zsh: (words: Words) => `#compdef nv
_nv() {
  local path="" word
  for word in "\${words[@]:1:$((CURRENT-2))}"; do [[ $word == -* ]] || path="\${path:+$path }$word"; done
  case "$path" in
${cases(words, (path, list) => `    "${path}") compadd -- ${list};;`)}
    *) _files;;
  esac
}
compdef _nv nv
`,
  fish: (words: Words) =>
    `complete -c nv -f\n${[...words]
      .flatMap(([path, list]) => {
        const condition =
          path === ''
            ? '__fish_use_subcommand'
            : path
                .split(' ')
                .map(word => `__fish_seen_subcommand_from ${word}`)
                .join('; and ')
        return list.map(word =>
          word.startsWith('--')
            ? `complete -c nv -n '${condition}' -l ${word.slice(2)}`
            : `complete -c nv -n '${condition}' -a ${word}`,
        )
      })
      .join('\n')}\n`,
} as const

function cases(words: Words, line: (path: string, list: string) => string): string {
  return [...words].map(([path, list]) => line(path, list.join(' '))).join('\n')
}
