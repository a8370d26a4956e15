/**
 * `npm test`: finds a Chromium or installs one, runs every test, and ends with a line `N passed, N failed`.
 * Arguments go to Vitest: `npm test -- tests/crypto`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumPath } from './chromium.ts'

const bin = (name: string): string => join(import.meta.dirname, '../node_modules/.bin', name)

function run(command: string, args: string[]): number {
  return spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1
}

function hasChromium(): boolean {
  try {
    return Boolean(chromiumPath())
  } catch {
    return false
  }
}

/** Debian's package where we may install it, else Playwright's own download. */
function installChromium(): void {
  const isRoot = process.getuid?.() === 0
  if (isRoot && run('apt-get', ['update', '-qq']) === 0 && run('apt-get', ['install', '-y', '-qq', 'chromium']) === 0)
    return
  run(bin('playwright-core'), ['install', 'chromium'])
}

interface Report {
  numPassedTests: number
  numFailedTests: number
  success: boolean
}

function readReport(file: string): Report | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return null // Vitest ended before it could write one
  }
}

if (!process.version.startsWith('v24.')) {
  console.error(`These tests run on Node 24, not ${process.version}: start them through npm.`)
  process.exit(1)
}
if (!hasChromium()) installChromium()

const folder = mkdtempSync(join(tmpdir(), 'alveole-report-'))
const file = join(folder, 'report.json')
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs')
const args = [
  vitest,
  'run',
  '--config',
  join(import.meta.dirname, 'vitest.config.ts'),
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${file}`,
]
const status = run(process.execPath, [...args, ...process.argv.slice(2)])
const report = readReport(file)
rmSync(folder, { recursive: true, force: true })

const failed = report ? report.numFailedTests + (report.success || report.numFailedTests ? 0 : 1) : 1
console.log(`${report?.numPassedTests ?? 0} passed, ${failed} failed`)
process.exit(status === 0 && failed === 0 ? 0 : 1)
