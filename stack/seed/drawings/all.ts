import { bookDrawings } from './books.ts'
import { bulbAndShadeDrawings } from './bulbs-and-shades.ts'
import { campfireDrawings } from './campfire.ts'
import { cardAndPrintDrawings } from './cards-and-prints.ts'
import { castleAndHoopDrawings } from './castle-and-hoop.ts'
import { choppingDrawings } from './chopping.ts'
import { coffeeAndSpiceDrawings } from './coffee-and-spice.ts'
import { compassDrawings } from './compass.ts'
import { gardenToolDrawings } from './garden-tools.ts'
import { gardenWoodDrawings } from './garden-wood.ts'
import { hikingDrawings } from './hiking.ts'
import { jarDrawings } from './jars.ts'
import { knittingDrawings } from './knitting.ts'
import { lampDrawings } from './lamps.ts'
import { mugDrawings } from './mugs.ts'
import { notebookAndPenDrawings } from './notebook-and-pen.ts'
import { paintBoxDrawings } from './paint-box.ts'
import { pencilDrawings } from './pencils.ts'
import { potAndTrugDrawings } from './pots-and-trug.ts'
import { seedDrawings } from './seeds.ts'
import { stoveDrawings } from './stove.ts'
import { tentDrawings } from './tent.ts'
import { toyDrawings } from './toys.ts'

/** Every picture of the demo shops, by file name without its ending. */
export const drawings: Readonly<Record<string, () => string>> = {
  ...mugDrawings,
  ...stoveDrawings,
  ...choppingDrawings,
  ...coffeeAndSpiceDrawings,
  ...jarDrawings,
  ...lampDrawings,
  ...bulbAndShadeDrawings,
  ...gardenToolDrawings,
  ...potAndTrugDrawings,
  ...gardenWoodDrawings,
  ...seedDrawings,
  ...tentDrawings,
  ...hikingDrawings,
  ...compassDrawings,
  ...campfireDrawings,
  ...notebookAndPenDrawings,
  ...bookDrawings,
  ...pencilDrawings,
  ...cardAndPrintDrawings,
  ...toyDrawings,
  ...knittingDrawings,
  ...paintBoxDrawings,
  ...castleAndHoopDrawings,
}
