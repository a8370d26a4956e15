/** Bytes of an export that a browser is given at once, where it does not let a page write files; the page says so before. */
export const IN_MEMORY = 512 * 1024 * 1024
