/**
 * The `kura` command itself: its global options, what an action gets to work with, and the options that several commands share. Neighbours: the files
 * `*-commands.ts` add the commands, main.ts runs it.
 */
import { Command, InvalidArgumentError, Option } from 'commander'
import { readApiKey } from '../config/settings.ts'
import { kuraVersion } from '../core/kura-version.ts'
import { momentSchema } from '../http/moment.ts'
import type { ApiClient } from './api-client.ts'
import { withApi } from './connect.ts'
import { Output } from './output.ts'

/** Parses an option. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (Number.isInteger(value) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }

export const scaleNumber = (text: string): number => {
  const value = Number(text)
  if (text.trim() !== '' && Math.abs(value) <= 100) return value
  throw new InvalidArgumentError('It must be a number from -100 to 100.')
}

export const moment = (text: string): string => {
  if (momentSchema.safeParse(text).success) return text
  throw new InvalidArgumentError('It must be an ISO 8601 date or time, such as 2026-03-31.')
}

export const program = new Command('kura')
  .description('An in-house knowledge base: manuals and SOPs in, page-exact, checked citations out.')
  .version(kuraVersion, '--version', 'show the version')
  .option('--json', 'write one JSON document to standard output')
  .option('--url <url>', 'work on a running server instead of the data folder')
  .showHelpAfterError()
  .exitOverride()

interface GlobalOptions {
  readonly json?: true
  readonly url?: string
}

type Needs = Parameters<typeof withApi>[0]['needs']
/** What commands on stores alone need. */
export const stores: Needs = { embedding: false, generation: false, worker: false }

export const output = (): Output => new Output({ json: program.opts<GlobalOptions>().json === true })

/** Runs on the server that is named or running, or on the data folder directly. */
export const onApi = (needs: Needs, run: (api: ApiClient, out: Output) => Promise<void>): Promise<void> => {
  const out = output()
  return withApi({ url: program.opts<GlobalOptions>().url, apiKey: readApiKey(), needs }, (api) => run(api, out))
}

/** `--json` and `--url` may stand before or behind the command's name. */
export const command = (nameAndArguments: string, description: string): Command =>
  program
    .command(nameAndArguments)
    .description(description)
    .addOption(new Option('--json').hideHelp())
    .addOption(new Option('--url <url>').hideHelp())
    .on('option:json', () => program.setOptionValue('json', true))
    .on('option:url', (url: string) => program.setOptionValue('url', url))

export const asOfOption = ['--as-of <date>', 'ask what was in force at this ISO 8601 date or time', moment] as const
export const collectionOption = ['--collection <name>', 'name or id of a collection'] as const
