/** Names of files and folders outside the pod: what people called them, made fit for every file system. */

/** In UTF-8; file systems take 255, and a record's id, a property and a temporary ending go beside it. */
const LONGEST = 140
/** What Windows keeps for devices, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

const bytesIn = (text: string): number => new TextEncoder().encode(text).length

/** One spelling of each letter, since file systems differ in which they keep. */
export function safeName(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[/\\:*?"<>|\u0000-\u001f\u007f]/g, '_')
    .replace(/^\.+/, '_')
  const cut = shorten(plain).replace(/[. ]+$/, '')
  return DEVICE.test(cut) ? `_${cut}` : cut || '_'
}

/** The ending stays: programs open files by it. */
function shorten(name: string): string {
  if (bytesIn(name) <= LONGEST) return name
  const ending = /\.\w{1,12}$/.exec(name)?.[0] ?? ''
  const letters = Array.from(name.slice(0, name.length - ending.length))
  while (bytesIn(letters.join('')) + ending.length > LONGEST) letters.pop()
  return letters.join('') + ending
}

/** Names that stay apart where a file system does not tell capitals from others. */
export function apart(): (name: string) => string {
  const taken = new Set<string>()
  return name => {
    let free = name
    for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${name} (${count})`
    taken.add(free.toLowerCase())
    return free
  }
}
