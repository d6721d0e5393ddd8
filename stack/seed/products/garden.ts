import type { DemoProduct } from './product.ts'

/** What Greenbow Yard sells for the garden. */
export const gardenProducts: readonly DemoProduct[] = [
  {
    article: 'GY-101',
    name: 'Galvanised watering can, 9 l',
    description:
      'Folded and soldered from galvanised steel, with two handles so that it pours level. The brass-screened rose comes off for a plain jet. Full it weighs ten and a half kilos: fill it halfway if the path is long.',
    category: 'garden',
    priceMinor: 3850,
    stockCount: 24,
    properties: { material: 'galvanised steel', volume: '9 l', weight: '1.5 kg', rose: 'removable' },
    pictures: ['watering-can.webp', 'watering-can-rose.webp'],
  },
  {
    article: 'GY-102',
    name: 'Trowel and hand fork',
    description:
      'A pair of forged tools for beds and pots. The necks are in one piece with the blades and do not bend in clay. Oiled ash handles with a loop for the nail in the shed.',
    category: 'garden',
    priceMinor: 3300,
    stockCount: 38,
    properties: { material: 'carbon steel, ash', length: '31 cm', pieces: '2', weight: '520 g' },
    pictures: ['hand-tools.webp'],
  },
  {
    article: 'GY-103',
    name: 'Secateurs, bypass',
    description:
      'One blade passes the other like scissors and leaves a clean cut on living wood up to 20 mm. Blade and spring can be replaced with one screwdriver. The red grips are easy to find in long grass.',
    category: 'garden',
    priceMinor: 4400,
    stockCount: 19,
    properties: { blade: 'hardened carbon steel', cut: 'up to 20 mm', length: '21 cm', weight: '240 g' },
    pictures: ['secateurs.webp'],
  },
  {
    article: 'GY-104',
    name: 'Terracotta pots, set of three',
    description:
      'Thrown on the wheel and fired hot enough to stay out in a mild winter. Each has a hole and a saucer. Planted here with rosemary, thyme and lettuce, which are not included.',
    category: 'garden',
    priceMinor: 3600,
    stockCount: 21,
    properties: { material: 'terracotta', diameter: '24, 17 and 12 cm', pieces: '3', saucers: 'included' },
    pictures: ['terracotta-pots.webp'],
  },
  {
    article: 'GY-105',
    name: 'Garden trug of chestnut',
    description:
      'A harvest basket of split sweet chestnut and willow, nailed with copper. It carries ten kilos of apples, and rain does it no harm. The feet keep it from rocking on the path.',
    category: 'garden',
    priceMinor: 6800,
    stockCount: 5,
    properties: { material: 'sweet chestnut, willow', size: '52 x 30 cm', weight: '1.1 kg', load: '10 kg' },
    pictures: ['chestnut-trug.webp'],
  },
  {
    article: 'GY-106',
    name: 'Nest box of cedar',
    description:
      'For tits and sparrows: the hole is 32 mm wide and too high for the paw of a cat. The roof is slate-grey zinc, and the side swings open for cleaning in autumn. Hang it facing east by the end of February.',
    category: 'garden',
    priceMinor: 2900,
    stockCount: 33,
    properties: { material: 'red cedar, zinc', hole: '32 mm', size: '28 x 18 x 16 cm', finish: 'untreated' },
    pictures: ['cedar-nest-box.webp'],
  },
  {
    article: 'GY-107',
    name: 'Jute twine on a wooden spool',
    description:
      'Two hundred metres of three-ply twine for beans, parcels and tomatoes. It holds a season and rots on the compost afterwards. The beech spool can be refilled.',
    category: 'garden',
    priceMinor: 1250,
    stockCount: 84,
    properties: { material: 'jute, beech', length: '200 m', thickness: '2 mm', colour: 'natural' },
    pictures: ['jute-twine.webp'],
  },
  {
    article: 'GY-108',
    name: 'Wildflower seeds, meadow mix',
    description:
      'Twenty-four native flowers, among them poppy, cornflower and ox-eye daisy, and no grass. Enough for ten square metres of poor soil in full sun. Sow from March to May, press it down and do not feed it.',
    category: 'garden',
    priceMinor: 690,
    stockCount: 150,
    properties: {
      weight: '30 g',
      area: '10 m2',
      kinds: '24',
      sowing: 'March to May',
      flowering: 'June to September',
    },
    pictures: ['wildflower-seeds.webp', 'wildflower-seeds-in-bloom.webp'],
  },
]
