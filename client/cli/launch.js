/**
 * Starts a program on the Node it needs: this one if it is recent enough, else the one that the package brought along
 * (the `node` package). Plain JavaScript, because an older Node runs it.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NEEDED = 24

/** @param {string} program path beside this file */
export const launch = async program => {
  if (Number.parseInt(process.versions.node, 10) >= NEEDED) await import(program)
  else startOn(ownNode(), fileURLToPath(new URL(program, import.meta.url)))
}

const ownNode = () => {
  const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'))
  return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** @param {string} node @param {string} main */
const startOn = (node, main) => {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal's Ctrl-C reaches both processes; what only this one is told is passed on
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  process.on('SIGINT', () => atTerminal || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 0)))
  child.on('error', () => {
    process.stderr.write(`Node ${NEEDED} is needed; this is ${process.version}.\n`)
    process.exit(1)
  })
}
