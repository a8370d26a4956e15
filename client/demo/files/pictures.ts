/** The photographs of the demonstration: landscapes drawn by arithmetic, with the metadata of a telephone. */
import { exif, type Shot } from './exif.ts'
import { jpeg, type Colour, type Drawing } from './jpeg.ts'

const WIDTH = 480
const HEIGHT = 320

const mix = (from: Colour, to: Colour, part: number): Colour => {
  const at = Math.min(1, Math.max(0, part))
  return [0, 1, 2].map(one => from[one]! + (to[one]! - from[one]!) * at) as unknown as Colour
}

interface Scene {
  sky: readonly [top: Colour, bottom: Colour]
  sun: { x: number; y: number; size: number; colour: Colour }
  /** Farthest first: height of the ridge, how high and how wide its waves are. */
  hills: readonly { at: number; high: number; wide: number; colour: Colour }[]
  /** Where water starts, if any. */
  water?: { at: number; colour: Colour }
}

/** Edges are a pixel wide, so that they do not look cut. */
const edge = (distance: number): number => 0.5 - distance

function draw({ sky, sun, hills, water }: Scene): Drawing {
  return (x, y) => {
    let colour = mix(sky[0], sky[1], y / HEIGHT)
    const toSun = Math.hypot(x - sun.x, y - sun.y) - sun.size
    colour = mix(colour, sun.colour, Math.max(edge(toSun), 0.5 - toSun / 220))
    hills.forEach(({ at, high, wide, colour: hill }, index) => {
      const ridge = at - high * (Math.sin(x / wide + index * 2) + 0.5 * Math.sin((x / wide) * 2.3 + index))
      colour = mix(colour, mix(hill, sky[1], 0.2 - (y - ridge) / 500), edge(ridge - y))
    })
    if (!water || y < water.at) return colour
    const ripple = Math.sin(x / 13 + y / 2) * Math.sin(y * 0.9) * 0.15
    return mix(water.colour, sun.colour, ripple + Math.max(0, 0.45 - Math.abs(x - sun.x) / 160))
  }
}

const scenes = {
  lake: {
    sky: [
      [96, 158, 214],
      [250, 224, 190],
    ],
    sun: { x: 350, y: 96, size: 24, colour: [255, 240, 205] },
    hills: [
      { at: 170, high: 26, wide: 62, colour: [122, 142, 178] },
      { at: 198, high: 14, wide: 38, colour: [84, 122, 122] },
    ],
    water: { at: 216, colour: [76, 128, 158] },
  },
  cardiff: {
    sky: [
      [70, 84, 130],
      [246, 168, 120],
    ],
    sun: { x: 150, y: 176, size: 30, colour: [255, 214, 150] },
    hills: [{ at: 206, high: 10, wide: 90, colour: [84, 74, 104] }],
    water: { at: 222, colour: [92, 88, 124] },
  },
  orchard: {
    sky: [
      [132, 190, 230],
      [232, 244, 236],
    ],
    sun: { x: 90, y: 66, size: 26, colour: [255, 250, 224] },
    hills: [
      { at: 188, high: 22, wide: 80, colour: [148, 186, 136] },
      { at: 228, high: 16, wide: 54, colour: [106, 158, 92] },
      { at: 276, high: 12, wide: 40, colour: [72, 124, 66] },
    ],
  },
  peak: {
    sky: [
      [48, 96, 168],
      [196, 222, 242],
    ],
    sun: { x: 392, y: 58, size: 18, colour: [255, 252, 238] },
    hills: [
      { at: 150, high: 48, wide: 44, colour: [226, 234, 244] },
      { at: 226, high: 24, wide: 58, colour: [98, 126, 124] },
      { at: 282, high: 12, wide: 36, colour: [58, 92, 72] },
    ],
  },
} as const satisfies { [name: string]: Scene }

export const picture = (scene: keyof typeof scenes, shot: Shot): Uint8Array<ArrayBuffer> =>
  jpeg(WIDTH, HEIGHT, draw(scenes[scene]), exif(shot))
