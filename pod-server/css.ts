/**
 * Community Solid Server and its injector, found by module resolution: the same code works in a checkout, from an
 * installed tarball and from a bundle. `require`, because the package is CommonJS with 565 re-exported names, which
 * Node would have to scan for an `import`.
 */
import { readFileSync } from 'node:fs'
import { createRequire, enableCompileCache } from 'node:module'
import { dirname, join } from 'node:path'
import type * as CommunitySolidServer from '@solid/community-server'
import { cacheFolder } from './cache-folder.ts'

/** A package as Components.js sees it. */
export type Package = {
  folder: string
  require: NodeJS.Require
  json: Record<string, unknown> & { name: string; version: string }
}

const locate = (name: string, from: NodeJS.Require): Package => {
  const manifest = from.resolve(`${name}/package.json`)
  const json = JSON.parse(readFileSync(manifest, 'utf8')) as Package['json']
  return { folder: dirname(manifest), require: createRequire(manifest), json }
}

export const cssPackage = locate('@solid/community-server', createRequire(import.meta.url))
/** The very copy that Community Solid Server depends on, not a neighbour of another major version. */
export const injectorPackage = locate('componentsjs', cssPackage.require)

export const cache = cacheFolder(dirname(dirname(cssPackage.folder)))
// Loading the modules is most of a start; V8's code of them is kept too, and checked by V8 against their source.
if (cache) enableCompileCache(join(cache, 'v8'))

// In a test run CSS loads its OpenID provider by a global of Jest's; an empty id makes it take its normal way.
process.env['JEST_WORKER_ID'] = ''

export const css = cssPackage.require('./') as typeof CommunitySolidServer
