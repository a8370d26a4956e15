/** Every option of every command, and how a command line is read. An option means the same wherever it is taken. */
import { parseArgs } from 'node:util'
import { usage } from './told.ts'

export const options = {
  profile: { type: 'string' },
  'unlock-file': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  server: { type: 'string' },
  email: { type: 'string' },
  'password-file': { type: 'string' },
  'words-file': { type: 'string' },
  name: { type: 'string' },
  into: { type: 'string' },
  kind: { type: 'string' },
  facet: { type: 'string', multiple: true },
  collection: { type: 'string', multiple: true },
  range: { type: 'string' },
  format: { type: 'string' },
  recipient: { type: 'string' },
  'passphrase-file': { type: 'string' },
  'identity-file': { type: 'string' },
  force: { type: 'boolean' },
  text: { type: 'string' },
  person: { type: 'string' },
  limit: { type: 'string' },
  offset: { type: 'string' },
  to: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  purpose: { type: 'string' },
  record: { type: 'string', multiple: true },
  snapshot: { type: 'boolean' },
  deidentified: { type: 'boolean' },
  erase: { type: 'boolean' },
  all: { type: 'boolean' },
  yes: { type: 'boolean' },
  rotate: { type: 'boolean' },
  rewrap: { type: 'boolean' },
  reencrypt: { type: 'boolean' },
  confirm: { type: 'boolean' },
  lang: { type: 'string' },
  tell: { type: 'boolean' },
  every: { type: 'string' },
  'credentials-file': { type: 'string' },
  remove: { type: 'boolean' },
} as const

export type OptionName = keyof typeof options
export type Values = ReturnType<typeof parse>['values']
type Line = { values: Values; positionals: string[] }

const parse = (args: string[]) => parseArgs({ args, options, allowPositionals: true, tokens: true })

/** Taken by every command. */
export const everywhere: readonly OptionName[] = ['profile', 'unlock-file', 'json', 'help', 'version']

export function readLine(args: string[]): Line {
  const { values, positionals, tokens } = parsed(args)
  if (!values.facet && !values.collection && !values.record) return { values, positionals }
  return gather(values, tokens)
}

/** `--facet A B` is `--facet A --facet B`: what follows an option that may be repeated belongs to it. */
function gather(values: Values, tokens: ReturnType<typeof parse>['tokens']): Line {
  const lists: Record<string, string[]> = {}
  const positionals: string[] = []
  let open: string[] | null = null
  for (const token of tokens) {
    if (token.kind === 'positional') (open ?? positionals).push(token.value)
    else if (token.kind === 'option' && isRepeatable(token.name) && token.value !== undefined) {
      open = lists[token.name] ??= []
      open.push(token.value)
    } else open = null
  }
  return { values: { ...values, ...lists }, positionals }
}

const isRepeatable = (name: OptionName): boolean => 'multiple' in options[name]

function parsed(args: string[]) {
  try {
    return parse(args)
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    const option = /'(-[^' <]*)/.exec(message)?.[1] ?? ''
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      throw usage(
        `L’option ${option} n’existe pas ; voir alveole --help.`,
        `There is no option ${option}; see alveole --help.`,
      )
    }
    throw usage(
      `L’option ${option} est mal employée ; voir --help.`,
      `The option ${option} is used wrongly; see --help.`,
    )
  }
}
