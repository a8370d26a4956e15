/** What every resource of ours in a pod is to the outside: opaque bytes of this type. */
export const mediaType = 'application/vnd.alveole'
