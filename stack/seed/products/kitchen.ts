import type { DemoProduct } from './product.ts'

/** What Lindgreen & Ash sells for the kitchen. */
export const kitchenProducts: readonly DemoProduct[] = [
  {
    article: 'LA-101',
    name: 'Speckled mugs, oat and ink',
    description:
      'Two stoneware mugs from the same kiln, one glazed in oat and one in ink blue. The foot is left bare, so you feel the clay, and the handle takes three fingers. Each holds a large coffee with room for milk.',
    category: 'kitchen',
    priceMinor: 3400,
    stockCount: 42,
    properties: { material: 'stoneware', volume: '350 ml each', pieces: '2', dishwasher: 'yes' },
    pictures: ['speckled-mug-oat.webp', 'speckled-mug-ink.webp', 'speckled-mug-oat-above.webp'],
  },
  {
    article: 'LA-102',
    name: 'Enamel kettle, tomato red',
    description:
      'A stove-top kettle of enamelled steel that boils on gas, ceramic and induction. The beech grip stays cool, and the long spout pours without dripping. The lid lifts off for cleaning.',
    category: 'kitchen',
    priceMinor: 5900,
    stockCount: 18,
    properties: {
      material: 'enamelled steel, beech',
      colour: 'tomato red',
      volume: '1.8 l',
      hob: 'gas, ceramic, induction',
    },
    pictures: ['enamel-kettle-tomato.webp'],
  },
  {
    article: 'LA-103',
    name: 'Enamel kettle, cream',
    description:
      'The same kettle in a warm cream with a dark rim. Two coats of enamel over steel keep the water free of any taste of metal. After use leave the lid ajar, and it dries without a trace of lime.',
    category: 'kitchen',
    priceMinor: 5900,
    stockCount: 3,
    properties: {
      material: 'enamelled steel, beech',
      colour: 'cream',
      volume: '1.8 l',
      hob: 'gas, ceramic, induction',
    },
    pictures: ['enamel-kettle-cream.webp'],
  },
  {
    article: 'LA-104',
    name: 'Cast-iron skillet, 26 cm',
    description:
      'Poured in one piece and seasoned with rapeseed oil, so it can go on the fire the day it arrives. Two lips for pouring, and a hole in the handle for the hook. It gets better every year, as long as it never sees the dishwasher.',
    category: 'kitchen',
    priceMinor: 4850,
    stockCount: 27,
    properties: { material: 'cast iron', diameter: '26 cm', weight: '2.3 kg', oven: 'yes' },
    pictures: ['iron-skillet.webp'],
  },
  {
    article: 'LA-105',
    name: 'Olive-wood board with handle',
    description:
      'Cut from a single plank of olive wood, planed by hand and oiled three times. The grain closes over small cuts. No two boards are alike; yours will have its own knots.',
    category: 'kitchen',
    priceMinor: 4200,
    stockCount: 14,
    properties: { material: 'olive wood', size: '45 x 22 x 2 cm', finish: 'linseed oil', origin: 'Puglia' },
    pictures: ['olive-wood-board.webp'],
  },
  {
    article: 'LA-106',
    name: 'Pour-over coffee maker for four cups',
    description:
      'A carafe of borosilicate glass, a porcelain dripper and a wooden collar to hold it by. It takes the usual paper filters, size 4. Forty filters are in the box.',
    category: 'kitchen',
    priceMinor: 5450,
    stockCount: 22,
    properties: { material: 'glass, porcelain, beech', volume: '600 ml', filter: 'size 4', height: '27 cm' },
    pictures: ['pour-over-set.webp'],
  },
  {
    article: 'LA-107',
    name: 'Marble mortar and pestle',
    description:
      'White marble with grey veins, polished outside and left rough within, where the work is done. Heavy enough to stay put while you crush pepper or make pesto. Wash it with water only.',
    category: 'kitchen',
    priceMinor: 3900,
    stockCount: 4,
    properties: { material: 'marble', diameter: '16 cm', weight: '3.1 kg', colour: 'white, grey veins' },
    pictures: ['marble-mortar.webp'],
  },
  {
    article: 'LA-108',
    name: 'Santoku knife, walnut handle',
    description:
      'A knife for vegetables, fish and meat, ground thin and hardened to 60 HRC. The hollows along the edge keep slices from sticking. The walnut handle is fixed with three brass rivets.',
    category: 'kitchen',
    priceMinor: 8900,
    stockCount: 16,
    properties: { blade: 'stainless steel, 17 cm', handle: 'walnut', hardness: '60 HRC', weight: '180 g' },
    pictures: ['santoku-knife.webp'],
  },
  {
    article: 'LA-109',
    name: 'Storage jars with cork, set of three',
    description:
      'Three jars of pressed glass for oats, lentils and herbs. The corks are turned to fit and seal tightly enough for coffee. Leave them by the stove, where you can see what is running low.',
    category: 'kitchen',
    priceMinor: 2950,
    stockCount: 35,
    properties: {
      material: 'glass, cork',
      volume: '1.5 l, 0.9 l, 0.4 l',
      pieces: '3',
      dishwasher: 'glass only',
    },
    pictures: ['storage-jars.webp'],
  },
]
