import type { DemoProduct } from './product.ts'

/** What Lindgreen & Ash sells for light. */
export const lightingProducts: readonly DemoProduct[] = [
  {
    article: 'LA-201',
    name: 'Brass desk lamp with two joints',
    description:
      'Two joints hold the arm wherever you leave it, without springs that wear out. The shade turns and throws the light on the page, not in your eyes. Unlacquered brass, which darkens with time or shines again after a polish.',
    category: 'lighting',
    priceMinor: 14900,
    stockCount: 9,
    properties: { material: 'solid brass', height: '52 cm', bulb: 'E14, not included', cable: '1.8 m' },
    pictures: ['brass-desk-lamp.webp', 'brass-desk-lamp-lit.webp'],
  },
  {
    article: 'LA-202',
    name: 'Opal glass table lamp',
    description:
      'Shade and foot are blown as one from opal glass, so the whole lamp glows. Dimmed to the lowest step it makes a good night light. The dimmer sits on the cable.',
    category: 'lighting',
    priceMinor: 11900,
    stockCount: 12,
    properties: { material: 'opal glass', height: '34 cm', bulb: 'E27, included', dimmer: 'on the cable' },
    pictures: ['opal-mushroom-lamp.webp', 'opal-mushroom-lamp-lit.webp'],
  },
  {
    article: 'LA-203',
    name: 'Paper globe pendant, 50 cm',
    description:
      'Mulberry paper over a bamboo spiral, folded flat for the post and opened in a minute. It turns a bare bulb into soft light for a whole room.',
    category: 'lighting',
    priceMinor: 3200,
    stockCount: 48,
    properties: { material: 'mulberry paper, bamboo', diameter: '50 cm', bulb: 'E27 up to 15 W LED' },
    pictures: ['paper-globe-pendant.webp'],
  },
  {
    article: 'LA-204',
    name: 'Enamel pendants, pair',
    description:
      'Two workshop shades of spun steel, one enamelled in bottle green, one in mustard, both white inside. Made to hang side by side over a table. With two metres of black textile cable each.',
    category: 'lighting',
    priceMinor: 17800,
    stockCount: 7,
    properties: {
      material: 'enamelled steel, brass',
      diameter: '36 cm',
      pieces: '2',
      bulb: 'E27, not included',
    },
    pictures: ['enamel-pendant-green.webp', 'enamel-pendant-mustard.webp'],
  },
  {
    article: 'LA-205',
    name: 'Beeswax pillar candles, set of three',
    description:
      'Rolled from sheets of pure beeswax with a cotton wick; they smell of honey before they are even lit. The tallest burns for about thirty hours. Let the pool of wax reach the edge before you blow them out.',
    category: 'lighting',
    priceMinor: 2600,
    stockCount: 60,
    properties: {
      material: 'beeswax',
      height: '18, 13 and 8 cm',
      pieces: '3',
      'burning time': '30, 22 and 12 h',
    },
    pictures: ['beeswax-pillars.webp'],
  },
  {
    article: 'LA-206',
    name: 'Festoon lights for outdoors, 10 m',
    description:
      'Fourteen warm bulbs on a rubber cable that stays soft in frost. Sealed against rain, so it can hang in the apple tree all summer. Two strings can be joined.',
    category: 'lighting',
    priceMinor: 4600,
    stockCount: 31,
    properties: { length: '10 m', bulbs: '14 LED, 2200 K', protection: 'IP44', power: '14 W' },
    pictures: ['festoon-lights.webp'],
  },
  {
    article: 'LA-207',
    name: 'Tripod lamp of ash',
    description:
      'Three turned legs of ash and a shade of washed linen. The legs fold together for moving house, and one screw holds them. The switch is on the socket.',
    category: 'lighting',
    priceMinor: 12900,
    stockCount: 2,
    properties: { material: 'ash, linen', height: '64 cm', shade: '38 cm', bulb: 'E27, not included' },
    pictures: ['ash-tripod-lamp.webp'],
  },
  {
    article: 'LA-208',
    name: 'Filament bulb, warm white',
    description:
      'A large LED bulb with four long filaments, as warm as candlelight. It can be dimmed to one tenth without flicker and draws four watts.',
    category: 'lighting',
    priceMinor: 1450,
    stockCount: 120,
    properties: { socket: 'E27', power: '4 W', light: '320 lm, 2000 K', dimmable: 'yes', life: '15000 h' },
    pictures: ['filament-bulb.webp'],
  },
  {
    article: 'LA-209',
    name: 'Wall light with pleated shade',
    description:
      'A brass arm and a shade of pleated cotton, sewn by hand. It throws a cone of light up and another down and leaves the room calm in between. For a junction box or with a plug.',
    category: 'lighting',
    priceMinor: 8400,
    stockCount: 11,
    properties: { material: 'brass, cotton', height: '31 cm', depth: '22 cm', bulb: 'E14, not included' },
    pictures: ['pleated-wall-light.webp'],
  },
]
