/**
 * The wiring of the server as one function. Reading CSS's 145 configuration files takes seconds, so Components.js runs
 * once, writes JavaScript that builds the same objects, and later starts run that (cache.ts).
 *
 * Our classes are reached by reference: the written code asks for them under the name of components.json, and gets the
 * module imported here, wherever a bundler has put it.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import type { App } from '@solid/community-server'
import description from './components/components.json' with { type: 'json' }
import { components } from './components/index.ts'
import config from './config.json' with { type: 'json' }
import { css, cssPackage, injectorPackage } from './css.ts'
import type { Package } from './css.ts'

const APP = 'urn:solid-server:default:App'

/** Values for the variables of the configuration, by IRI. */
export type Variables = Readonly<Record<string, unknown>>
export type Build = (variables: Variables) => App

/** The parts of Components.js used here; the package itself is a dependency of CSS, not ours. */
type Strategy = {
  createPrimitive: (options: { value: unknown }) => string
  serializeDocument: (name: string) => string
}
type Manager = {
  configRegistry: { register: (path: string) => Promise<void> }
  instantiate: (iri: string) => Promise<string>
}
type Injector = {
  ComponentsManager: { build: (options: object) => Promise<Manager> }
  ConstructionStrategyCommonJsString: new (options: object) => Strategy
}

/** Everything the compiled code depends on: a change of any makes another file in the cache. */
export const compilationKey = (): string =>
  createHash('sha256')
    .update(JSON.stringify([1, cssPackage.json.version, injectorPackage.json.version, description, config]))
    .digest('hex')

export const compile = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'alveole-compile-'))
  try {
    const descriptionPath = join(folder, 'components.jsonld')
    const configPath = join(folder, 'config.json')
    await writeFile(descriptionPath, JSON.stringify(description))
    await writeFile(configPath, JSON.stringify(config))
    return await serialize(folder, descriptionPath, configPath)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const serialize = async (folder: string, descriptionPath: string, configPath: string): Promise<string> => {
  const injector = cssPackage.require('componentsjs') as Injector
  const strategy = new injector.ConstructionStrategyCommonJsString({ asFunction: true, req: cssPackage.require })
  // The stock one drops backslashes, and ^/.*\.acl$ loses its meaning.
  strategy.createPrimitive = ({ value }) => JSON.stringify(value)
  const state = moduleState(folder)
  state.componentModules[description['@id']] = descriptionPath
  const manager = await injector.ComponentsManager.build({
    mainModulePath: folder,
    moduleState: state,
    typeChecking: false,
    dumpErrorState: false,
    constructionStrategy: strategy,
  })
  await manager.configRegistry.register(configPath)
  return strategy.serializeDocument(await manager.instantiate(APP))
}

type ModuleState = Record<'packageJsons' | 'contexts', Record<string, unknown>> &
  Record<'componentModules' | 'importPaths', Record<string, string>> & {
    mainModulePath: string
    nodeModuleImportPaths: string[]
    nodeModulePaths: string[]
  }

/** Two packages by hand: left to itself Components.js searches all of node_modules, and then the network. */
const moduleState = (mainModulePath: string): ModuleState => {
  const state: ModuleState = {
    mainModulePath,
    nodeModuleImportPaths: [],
    nodeModulePaths: [],
    packageJsons: {},
    componentModules: {},
    contexts: {},
    importPaths: {},
  }
  for (const found of [cssPackage, injectorPackage]) register(state, found)
  return state
}

const register = (state: ModuleState, { folder, json }: Package): void => {
  const entries = (key: string): [string, string][] => Object.entries((json[key] ?? {}) as Record<string, string>)
  state.packageJsons[folder] = json
  if (typeof json['lsd:module'] === 'string' && typeof json['lsd:components'] === 'string') {
    state.componentModules[json['lsd:module']] = join(folder, json['lsd:components'])
  }
  for (const [iri, path] of entries('lsd:contexts'))
    state.contexts[iri] = JSON.parse(readFileSync(join(folder, path), 'utf8'))
  for (const [iri, path] of entries('lsd:importPaths')) state.importPaths[iri] = join(folder, path)
}

export const load = (code: string): Build => {
  const module: { exports: unknown } = { exports: undefined }
  const modules: Record<string, unknown> = { [description.requireName]: components, [cssPackage.json.name]: css }
  const require = (name: string): unknown => modules[name] ?? cssPackage.require(name)
  compileFunction(code, ['module', 'require'])(module, require)
  return module.exports as Build
}
