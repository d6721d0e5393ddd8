import type { DemoProduct } from './product.ts'

/** What Papermoth sells for playing and making. */
export const toyProducts: readonly DemoProduct[] = [
  {
    article: 'PM-201',
    name: 'Wooden train with wagon',
    description:
      'An engine, a wagon and three blocks to load it with, made of beech and painted with water-based colours. The magnets sit deep in the wood. It runs on the floor and needs no track.',
    category: 'toys-and-crafts',
    priceMinor: 4200,
    stockCount: 23,
    properties: { material: 'beech', length: '42 cm', age: 'from 18 months', paint: 'water-based' },
    pictures: ['wooden-train.webp'],
  },
  {
    article: 'PM-202',
    name: 'Stacking rings, rainbow',
    description:
      'Seven turned rings on a rod, with a ball on top to make it harder. The rings roll, and the base does not tip. Every edge is round.',
    category: 'toys-and-crafts',
    priceMinor: 2400,
    stockCount: 40,
    properties: { material: 'lime wood', height: '22 cm', pieces: '9', age: 'from 12 months' },
    pictures: ['stacking-rings.webp'],
  },
  {
    article: 'PM-203',
    name: 'Diamond kite with tail',
    description:
      'A kite of ripstop nylon on two spars of spruce that flies in a light breeze. The tail with its three bows keeps it steady. With forty metres of line on a wooden winder.',
    category: 'toys-and-crafts',
    priceMinor: 2750,
    stockCount: 28,
    properties: {
      material: 'ripstop nylon, spruce',
      size: '80 x 66 cm',
      wind: '2 to 5 Beaufort',
      age: 'from 6 years',
    },
    pictures: ['diamond-kite.webp'],
  },
  {
    article: 'PM-204',
    name: 'Knitting wool, heather and moorland',
    description:
      'Six balls in two families of colour: rose, plum and slate, and honey, moss and bark. Spun from the wool of moorland sheep and dyed with plants. Enough for two jumpers for a child.',
    category: 'toys-and-crafts',
    priceMinor: 4800,
    stockCount: 32,
    properties: { material: 'new wool', weight: '6 x 50 g', length: '125 m a ball', needles: '4 mm' },
    pictures: ['knitting-wool-heather.webp', 'knitting-wool-moorland.webp'],
  },
  {
    article: 'PM-205',
    name: 'Knitted bear with scarf',
    description:
      'Knitted by hand from soft merino and filled with wool. The eyes are sewn through twice and stay where they are. He sits by himself and can be washed by hand.',
    category: 'toys-and-crafts',
    priceMinor: 5600,
    stockCount: 8,
    properties: { material: 'merino wool', height: '32 cm', age: 'from birth', washing: 'by hand' },
    pictures: ['knitted-bear.webp'],
  },
  {
    article: 'PM-206',
    name: 'Watercolour box, twelve pans',
    description:
      'Twelve half pans that dissolve at the touch of the brush, in a black tin whose lid is the palette. A squirrel-hair brush lies in the tray. The pans can be bought one by one when the blue is gone again.',
    category: 'toys-and-crafts',
    priceMinor: 3650,
    stockCount: 25,
    properties: { pans: '12, changeable', brush: 'size 6', box: 'lacquered tin', size: '16 x 12 cm' },
    pictures: ['watercolour-box.webp', 'watercolour-box-in-use.webp'],
  },
  {
    article: 'PM-207',
    name: 'Castle blocks, 36 pieces',
    description:
      'Cubes, beams, arches and two pointed roofs: enough for a castle with a gate, or a bridge and a church. Beech, stained so that the grain shows. In a cotton bag.',
    category: 'toys-and-crafts',
    priceMinor: 3900,
    stockCount: 30,
    properties: { material: 'beech', pieces: '36', age: 'from 2 years', weight: '2.2 kg' },
    pictures: ['castle-blocks.webp'],
  },
  {
    article: 'PM-208',
    name: 'Embroidery kit, five flowers',
    description:
      'Everything for a first piece of embroidery: a hoop, linen with the drawing printed on it, seven colours of thread and two needles. The booklet explains four stitches step by step.',
    category: 'toys-and-crafts',
    priceMinor: 2300,
    stockCount: 2,
    properties: { hoop: 'beech, 20 cm', fabric: 'linen', threads: '7 colours', age: 'from 10 years' },
    pictures: ['embroidery-kit.webp'],
  },
]
