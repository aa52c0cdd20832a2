import { Command } from 'commander'
import { initConfig, readConfig, readSetting, setConfig } from '../../config/file.js'
import { NodeError } from '../../errors.js'
import { contextOf } from '../context.js'

/** `nv config show|init|get|set|path` */
export function configCommand(signal: AbortSignal): Command {
  const config = new Command('config').description('The node’s settings, in one file with comments.')
  config
    .command('show', { isDefault: true })
    .description('Every setting as it is in force; what `nv config` alone does.')
    .addHelpText('after', '\nExamples:\n  nv config\n  nv config --json | jq .config.listen')
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const settings = await readConfig(home.config)
      output.answer(
        { path: home.config, config: settings },
        () => `// ${home.config}\n${JSON.stringify(settings, null, 2)}`,
      )
    })
  config
    .command('init')
    .description('Write a config file with every setting, its default and what it does.')
    .addHelpText('after', '\nExamples:\n  nv config init\n  nv config init --home /srv/node')
    .action(async (_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      await initConfig(home.config)
      output.answer({ path: home.config }, () => `Wrote ${home.config}`)
    })
  config
    .command('get <name>')
    .description('One setting, by its dotted name.')
    .addHelpText('after', '\nExamples:\n  nv config get gateway.port\n  nv config get bootstrap --json')
    .action(async (name: string, _, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const value = name.split('.').reduce<unknown>(ownValue, await readConfig(home.config))
      if (value === undefined)
        throw new NodeError(
          'NODE_CONFIG_INVALID',
          `There is no setting '${name}'. 'nv config' shows them all.`,
        )
      output.answer(value, () => (typeof value === 'string' ? value : JSON.stringify(value)))
    })
  config
    .command('set <name> <value>')
    .description(
      'Change one setting; the file’s comments stay. A running node takes it when it starts again.',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  nv config set gateway.port 8080\n  nv config set payments.price 0.002\n  nv config set bootstrap \'["/ip4/203.0.113.7/tcp/4100/p2p/12D3Koo…"]\'',
    )
    .action(async (name: string, text: string, _, command: Command) => {
      const { home, output } = contextOf(command, signal)
      const value = readSetting(name, text)
      await setConfig(home.config, name, value)
      output.answer({ path: home.config, name, value }, () => `${name} = ${text}`)
    })
  config
    .command('path')
    .description('Where the config file is.')
    .addHelpText('after', '\nExamples:\n  $EDITOR "$(nv config path)"')
    .action((_, command: Command) => {
      const { home, output } = contextOf(command, signal)
      output.answer({ path: home.config }, () => home.config)
    })
  return config
}

/** What an object or a list holds under a name; not what every object has. */
function ownValue(at: unknown, key: string): unknown {
  return typeof at === 'object' ? Object.entries(at ?? {}).find(([own]) => own === key)?.[1] : undefined
}
