/** `npm run verify`: the whole truth, locally and anywhere: types, lint, format, dead code, bundle budget, tests. */
import { spawnSync } from 'node:child_process'

const steps = ['check:types', 'check:lint', 'check:format', 'check:dead', 'check:budget', 'test']

if (!process.version.startsWith('v24.')) {
  console.error(
    `Node 24 is needed, not ${process.version}: run this through npm, after npm ci with its install scripts.`,
  )
  process.exit(1)
}
for (const step of steps) {
  console.log(`\n── ${step}`)
  const { status } = spawnSync('npm', ['run', '--silent', step], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error(`\n${step} failed`)
    process.exit(1)
  }
}
console.log('\nverified')
