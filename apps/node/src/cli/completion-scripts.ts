import { type CompletionWords, spellings, takesValue } from './completion-words.js'

/** Shells that there are scripts for. */
export type Shell = 'bash' | 'zsh' | 'fish'

type Words = readonly CompletionWords[]

/** A script for each shell: commands and choices, options after a dash, files where an option or command takes one. */
export const SCRIPTS: Readonly<Record<Shell, (words: Words) => string>> = {
  bash: words => `_nv() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at="" word names="" options=""
  COMPREPLY=()
  case "$prev" in
    ${valued(words)}) return;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${at:+$at }$word" in
      ${paths(words)}) at="\${at:+$at }$word";;
    esac
  done
  case "$at" in
${cases(words)}
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -n $names ]]; then COMPREPLY=($(compgen -W "$names" -- "$cur"))
  fi
}
complete -o default -F _nv nv
`,
  zsh: words => `#compdef nv
_nv() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" at="" word names="" options=""
  case "$prev" in
    ${valued(words)}) _files; return;;
  esac
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$word" in
      ${paths(words)}) at="\${at:+$at }$word";;
    esac
  done
  case "$at" in
${cases(words)}
  esac
  if [[ $cur == -* ]]; then compadd -- \${=options}
  elif [[ -n $names ]]; then compadd -- \${=names}
  else _files
  fi
}
if [[ \${funcstack[1]} == _nv ]]; then _nv "$@"; else compdef _nv nv; fi
`,
  fish: words => `${words.flatMap(fishLines).join('\n')}\n`,
}

function fishLines({ path, names, options }: CompletionWords): string[] {
  const seen = path === '' ? [] : path.split(' ').map(word => `__fish_seen_subcommand_from ${word}`)
  const unseen = names.length > 0 ? [`not __fish_seen_subcommand_from ${names.join(' ')}`] : []
  const when = `complete -c nv -n '${[...seen, ...unseen].join('; and ')}'`
  return [
    ...(names.length > 0 ? [`${when} -f -a '${names.join(' ')}'`] : []),
    ...options.map(option => {
      const short = option.short === undefined ? '' : ` -s ${option.short.slice(1)}`
      const long = option.long === undefined ? '' : ` -l ${option.long.slice(2)}`
      const value = takesValue(option) ? ' -r' : ''
      return `${when}${short}${long}${value} -d ${quoted(option.description)}`
    }),
  ]
}

function valued(words: Words): string {
  return [...new Set(words.flatMap(({ options }) => options.filter(takesValue).flatMap(spellings)))].join('|')
}

function paths(words: Words): string {
  return words.flatMap(({ path }) => (path === '' ? [] : [`"${path}"`])).join('|')
}

function cases(words: Words): string {
  return words
    .map(({ path, names, options }) => {
      const dashed = options.flatMap(spellings).join(' ')
      return `    "${path}") names="${names.join(' ')}"; options="${dashed}";;`
    })
    .join('\n')
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
