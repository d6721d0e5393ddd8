import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { drawings } from './drawings/all.ts'
import { svgDocument } from './drawings/document.ts'

/*
 * Draws every picture of the demo shops afresh: `bun stack/seed/draw.ts`, or with words to draw only the
 * pictures whose names hold one of them. The pictures are committed, so only a change of a drawing needs this.
 */

const PICTURE_BYTES_MAX = 28 * 1024
/** From good to still good enough: a picture with many fine lines is saved smaller rather than larger. */
const QUALITIES = [82, 76, 70, 64, 58]

const folder = fileURLToPath(new URL('./pictures/', import.meta.url))

async function picture(name: string): Promise<Buffer> {
  const drawing = drawings[name]
  if (drawing === undefined) throw new Error(`Cannot draw "${name}": there is no such drawing`)
  const svg = Buffer.from(svgDocument(drawing()))
  for (const quality of QUALITIES) {
    const file = await sharp(svg).webp({ quality, effort: 6, smartSubsample: true }).toBuffer()
    if (file.byteLength <= PICTURE_BYTES_MAX) return file
  }
  throw new Error(`Cannot save "${name}" in ${PICTURE_BYTES_MAX} bytes: draw it with fewer fine lines`)
}

async function removeStrangers(): Promise<void> {
  for (const file of await readdir(folder)) {
    if (drawings[file.replace(/\.webp$/, '')] === undefined) await rm(`${folder}${file}`)
  }
}

const wanted = process.argv.slice(2)
const names = Object.keys(drawings).filter(
  (name) => wanted.length === 0 || wanted.some((word) => name.includes(word)),
)
await mkdir(folder, { recursive: true })
let bytes = 0
for (const name of names) {
  const file = await picture(name)
  await writeFile(`${folder}${name}.webp`, file)
  bytes += file.byteLength
}
await removeStrangers()
console.log(`Drew ${names.length} pictures, ${Math.round(bytes / 1024)} KiB`)
