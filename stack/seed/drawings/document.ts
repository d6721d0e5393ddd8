import { SIZE } from './kit.ts'

function stops(names: readonly string[]): string {
  return names
    .map((name) => {
      const [colour, offset, opacity] = name.split('.')
      return `<stop offset="${offset}%" stop-color="#${colour}" stop-opacity="${Number(opacity) / 100}"/>`
    })
    .join('')
}

function linearDefinition(id: string): string {
  const [, angle, ...names] = id.split('-')
  const radians = (Number(angle) * Math.PI) / 180
  const [dx, dy] = [Math.cos(radians) / 2, Math.sin(radians) / 2]
  const ends = `x1="${0.5 - dx}" y1="${0.5 - dy}" x2="${0.5 + dx}" y2="${0.5 + dy}"`
  return `<linearGradient id="${id}" ${ends}>${stops(names)}</linearGradient>`
}

function radialDefinition(id: string): string {
  const [, cx, cy, radius, ...names] = id.split('-')
  return `<radialGradient id="${id}" cx="${cx}%" cy="${cy}%" r="${radius}%">${stops(names)}</radialGradient>`
}

function filterDefinition(id: string): string {
  const [kind, size] = id.split('-')
  const region = 'x="-60%" y="-60%" width="220%" height="220%"'
  if (kind === 'blur') return `<filter id="${id}" ${region}><feGaussianBlur stdDeviation="${size}"/></filter>`
  const height = Number(size)
  return (
    `<filter id="${id}" x="-60%" y="-60%" width="220%" height="220%">` +
    `<feDropShadow dx="${height * 0.9}" dy="${height * 1.2}" stdDeviation="${height}" flood-color="#2a1c2e" flood-opacity="0.34"/>` +
    '</filter>'
  )
}

const definitions = {
  lin: linearDefinition,
  rad: radialDefinition,
  blur: filterDefinition,
  drop: filterDefinition,
}

/** A whole SVG document around the parts, with the definitions of every paint and filter they name. */
export function svgDocument(parts: string): string {
  const ids = new Set(
    Array.from(parts.matchAll(/url\(#((?:lin|rad|blur|drop)-[^)]+)\)/g), (match) => match[1] ?? ''),
  )
  const written = Array.from(ids, (id) => {
    const kind = Object.entries(definitions).find(([prefix]) => id.startsWith(`${prefix}-`))
    return kind === undefined ? '' : kind[1](id)
  })
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 ${SIZE} ${SIZE}">` +
    `<defs>${written.join('')}</defs>${parts}</svg>`
  )
}
