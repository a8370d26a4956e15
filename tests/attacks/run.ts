/** `npm run attacks`: the attacks on the protocol, as `effort.ts` has them where there is time for all. */
process.env['ALVEOLE_ATTACKS'] = 'all'
const patience = 6 * 3600_000 // the machine may have other things to do
process.argv.splice(2, 0, 'tests/attacks/', `--testTimeout=${patience}`, `--hookTimeout=${patience}`)
await import('../run.ts')
