/** Hands a file to the person's download folder. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken its copy by the next turns of the loop; kept a while for slow ones.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
