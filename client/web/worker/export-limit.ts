/** Bytes of an export that a browser is given at once, where it does not let a page write files; the page says so before. */
export const IN_MEMORY = 500_000_000
