import type { DemoProduct } from './product.ts'

/** What Greenbow Yard sells for nights away from home. */
export const outdoorProducts: readonly DemoProduct[] = [
  {
    article: 'GY-201',
    name: 'Ridge tent for two',
    description:
      'A classic ridge tent of waxed cotton that breathes in warm nights and keeps out a day of rain. Two poles, ten pegs, up in eight minutes. The groundsheet is sewn in.',
    category: 'outdoor',
    priceMinor: 28900,
    stockCount: 6,
    properties: { material: 'waxed cotton', size: '210 x 140 x 120 cm', weight: '5.4 kg', persons: '2' },
    pictures: ['ridge-tent.webp', 'ridge-tent-at-night.webp'],
  },
  {
    article: 'GY-202',
    name: 'Roll-top backpack, moss',
    description:
      'Heavy canvas, leather straps and brass buckles that can all be mended. The top rolls down over whatever does not quite fit. A sleeve inside takes a 15-inch computer.',
    category: 'outdoor',
    priceMinor: 13900,
    stockCount: 13,
    properties: { material: 'cotton canvas, leather', colour: 'moss', volume: '24 l', weight: '1.2 kg' },
    pictures: ['canvas-backpack-moss.webp'],
  },
  {
    article: 'GY-203',
    name: 'Roll-top backpack, rust',
    description:
      'The roll-top in rust red, dyed in the piece, so it fades as evenly as a good pair of jeans. Canvas, leather and brass, and two side pockets for bottle and map.',
    category: 'outdoor',
    priceMinor: 13900,
    stockCount: 3,
    properties: { material: 'cotton canvas, leather', colour: 'rust', volume: '24 l', weight: '1.2 kg' },
    pictures: ['canvas-backpack-rust.webp'],
  },
  {
    article: 'GY-204',
    name: 'Steel flask with cup, 0.75 l',
    description:
      'Two walls of steel with a vacuum between them: tea is still hot after twelve hours, lemonade cold after twenty. The lid is the cup. It fits the side pocket of our backpacks.',
    category: 'outdoor',
    priceMinor: 3450,
    stockCount: 57,
    properties: { material: 'stainless steel', colour: 'petrol', volume: '0.75 l', weight: '410 g' },
    pictures: ['steel-flask.webp'],
  },
  {
    article: 'GY-205',
    name: 'Folding chair of ash and canvas',
    description:
      'A low chair for the fireside, with armrests wide enough for a mug. It folds flat to the size of a guitar case. The mustard cover comes off for washing.',
    category: 'outdoor',
    priceMinor: 9800,
    stockCount: 10,
    properties: { material: 'ash, cotton canvas', 'seat height': '38 cm', load: '110 kg', weight: '3.9 kg' },
    pictures: ['camp-chair.webp'],
  },
  {
    article: 'GY-206',
    name: 'Camp lantern, rechargeable',
    description:
      'The shape of an old storm lantern, with a light that lasts eighty hours on its lowest step. It charges by USB-C and can give power to a telephone. Splashes and a fall from the table do not matter to it.',
    category: 'outdoor',
    priceMinor: 6200,
    stockCount: 26,
    properties: { material: 'steel, glass', light: '20 to 350 lm', battery: '5200 mAh', height: '26 cm' },
    pictures: ['camp-lantern.webp', 'camp-lantern-lit.webp'],
  },
  {
    article: 'GY-207',
    name: 'Pocket compass in brass',
    description:
      'A liquid-damped needle that settles in three seconds, under glass and a hinged lid with a wind rose. The dial is marked every ten degrees. Comes with a leather cord.',
    category: 'outdoor',
    priceMinor: 4900,
    stockCount: 17,
    properties: { material: 'brass, glass', diameter: '5.8 cm', weight: '120 g', needle: 'liquid-damped' },
    pictures: ['brass-compass.webp', 'brass-compass-closed.webp'],
  },
  {
    article: 'GY-208',
    name: 'Striped wool blanket',
    description:
      'Woven from new wool in natural cream with five stripes and a short fringe. Warm even when damp, and sparks from the fire go out on it. Air it instead of washing it.',
    category: 'outdoor',
    priceMinor: 11500,
    stockCount: 15,
    properties: { material: 'new wool', size: '200 x 140 cm', weight: '1.6 kg', colour: 'cream, striped' },
    pictures: ['wool-blanket.webp'],
  },
  {
    article: 'GY-209',
    name: 'Hatchet with ash handle',
    description:
      'A forged head of 600 grams on a curved ash handle, wedged twice. It splits kindling and takes off branches as thick as an arm. With a leather guard for the edge.',
    category: 'outdoor',
    priceMinor: 7200,
    stockCount: 0,
    properties: { material: 'forged steel, ash', length: '38 cm', weight: '900 g', guard: 'leather' },
    pictures: ['hatchet.webp'],
  },
]
