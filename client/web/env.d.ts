/** What TypeScript does not know by itself: Vite's module kinds, and Trusted Types, which its library leaves out. */
/// <reference types="vite/client" />

interface TrustedScriptURL {
  toString(): string
}

interface Window {
  /** Absent in browsers without Trusted Types. */
  readonly trustedTypes?: {
    createPolicy(
      name: string,
      rules: { createScriptURL(url: string): string },
    ): { createScriptURL(url: string): TrustedScriptURL }
  }
}
