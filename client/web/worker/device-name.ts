/** What this browser is called in the list of devices: what it is on, and which it is, as it says of itself. */

/** The first that it names of each; some name others too. */
const SYSTEMS = {
  iPhone: 'iPhone',
  iPad: 'iPad',
  Android: 'Android',
  Windows: 'Windows',
  'Mac OS': 'Mac',
  Linux: 'Linux',
}
const BROWSERS = { Firefox: 'Firefox', Edg: 'Edge', OPR: 'Opera', Chrome: 'Chrome', Safari: 'Safari' }

export function deviceName(): string {
  const said = navigator.userAgent
  const named = [SYSTEMS, BROWSERS].map(names => Object.entries(names).find(([name]) => said.includes(name))?.[1])
  return named.filter(Boolean).join(', ') || 'Web'
}
