/** Of a thumbnail, at most: as many as a segment's worth of a hundred of them still reads at once. */
export const THUMBNAIL_BYTES = 8 * 1024
