import type { DemoProduct } from './product.ts'

/** What Papermoth sells for reading and writing. */
export const paperProducts: readonly DemoProduct[] = [
  {
    article: 'PM-101',
    name: 'Linen notebooks A5, blue and clay',
    description:
      'Two notebooks bound in linen, one blue, one clay, with thread-sewn pages that lie flat when open. The paper takes ink from a fountain pen without bleeding. Ribbon, elastic band and a pocket at the back.',
    category: 'books-and-paper',
    priceMinor: 3200,
    stockCount: 46,
    properties: { size: 'A5', pages: '192, ruled', paper: '100 g/m2', pieces: '2' },
    pictures: ['linen-notebook-blue.webp', 'linen-notebook-clay.webp', 'linen-notebook-open.webp'],
  },
  {
    article: 'PM-102',
    name: 'Fountain pen, petrol',
    description:
      'Turned from marbled resin, with a gilded steel nib that is smooth from the first line. It fills from a bottle by piston or takes a cartridge. The clip is brass.',
    category: 'books-and-paper',
    priceMinor: 7400,
    stockCount: 20,
    properties: { material: 'resin, brass', colour: 'petrol', nib: 'medium', length: '13.8 cm' },
    pictures: ['fountain-pen.webp'],
  },
  {
    article: 'PM-103',
    name: 'The Weather of Small Islands',
    description:
      'A novel by Marit Solheim-Bray. A meteorologist is sent to an island of ninety people to close its weather station, and stays for the forecast. Hardback with a sewn binding.',
    category: 'books-and-paper',
    priceMinor: 2200,
    stockCount: 64,
    properties: { author: 'Marit Solheim-Bray', pages: '312', language: 'English', binding: 'hardback' },
    pictures: ['small-islands-novel.webp'],
  },
  {
    article: 'PM-104',
    name: 'A Field Guide to Hedgerow Birds',
    description:
      'One hundred and forty colour plates of the birds that live within a stone’s throw of a hedge, with their calls written out as they sound. Small enough for a coat pocket, and the cover can be wiped dry.',
    category: 'books-and-paper',
    priceMinor: 2650,
    stockCount: 29,
    properties: { pages: '256', plates: '140', language: 'English', size: '12 x 18 cm' },
    pictures: ['hedgerow-birds-guide.webp'],
  },
  {
    article: 'PM-105',
    name: 'Letterpress cards, set of three',
    description:
      'A sun, a whale and a branch, printed one by one on a hand press from 1958. The paper is thick cotton, so you can feel the picture with a fingertip. With envelopes of recycled paper.',
    category: 'books-and-paper',
    priceMinor: 1400,
    stockCount: 72,
    properties: { size: '10.5 x 14.8 cm', paper: 'cotton, 600 g/m2', pieces: '3', envelopes: 'included' },
    pictures: ['letterpress-cards.webp'],
  },
  {
    article: 'PM-106',
    name: 'Colour pencils in a tin, twelve',
    description:
      'Soft leads with much pigment, in cedar from forests that are replanted. The colours can be blended and do not break in the sharpener. The tin stands up as a desk pot.',
    category: 'books-and-paper',
    priceMinor: 1950,
    stockCount: 55,
    properties: { material: 'cedar', pieces: '12', lead: '3.8 mm', box: 'steel tin' },
    pictures: ['colour-pencils.webp', 'colour-pencils-drawing.webp'],
  },
  {
    article: 'PM-107',
    name: 'Moon Year poster in oak frame',
    description:
      'The phases of the moon in cream and gold ink on midnight blue. Screen-printed in four passes, numbered and framed in oak behind museum glass. Ready to hang.',
    category: 'books-and-paper',
    priceMinor: 8900,
    stockCount: 4,
    properties: { size: '50 x 70 cm', print: 'screen print', frame: 'oak', edition: '200' },
    pictures: ['moon-year-poster.webp'],
  },
  {
    article: 'PM-108',
    name: 'Wrapping paper, three rolls',
    description:
      'Three patterns of our own: leaves on petrol, flowers on red, and circles on cream. Printed with soy ink on uncoated paper that folds sharply and can go in the paper bin.',
    category: 'books-and-paper',
    priceMinor: 1600,
    stockCount: 90,
    properties: { size: '70 x 200 cm each', paper: '90 g/m2', pieces: '3', ink: 'soy' },
    pictures: ['wrapping-paper.webp'],
  },
]
