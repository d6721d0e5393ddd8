import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRows } from './history/dump.ts'
import { readHistory } from './history/history.ts'
import { searchLogs } from './history/logs.ts'
import { type Judgement, judge } from './judge.ts'
import { figuresOf } from './report/figures.ts'
import { graphsPage } from './report/graphs.ts'
import { recoveriesOf } from './report/recovery.ts'
import { type About, summaryOf } from './report/summary.ts'

/** What a run left in its folder: `history.jsonl` and the rows that were dumped, and the logs of the services. */
export type RunLeft = { folder: string; logFiles: readonly string[]; about: About }

/**
 * Judges a run by what it left behind, and writes down beside it what was found: `result.json` for programs,
 * `summary.md` and `graphs.html` for people. May be repeated for any run whose folder was kept.
 */
export async function reportRun({ folder, logFiles, about }: RunLeft): Promise<Judgement> {
  const history = await readHistory(join(folder, 'history.jsonl'))
  const evidence = {
    history,
    rows: await readRows(folder),
    logFindings: await searchLogs(logFiles, history),
  }
  const judgement = judge(evidence)
  const figures = figuresOf(history)
  const recoveries = recoveriesOf(figures)
  const { totals, latencies } = figures
  const result = { about, ...judgement, totals, recoveries, latencies }
  await writeFile(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`)
  await writeFile(join(folder, 'summary.md'), summaryOf({ about, judgement, figures, recoveries }))
  await writeFile(join(folder, 'graphs.html'), graphsPage('Bazaar under faults', figures, recoveries))
  return judgement
}
