import { readdir, readFile } from 'node:fs/promises'

/** Linux counts the time of processes in hundredths of a second. */
const TICK_MS = 10

/** How long each of some processes has computed so far, with all that it has started and that still runs. */
export async function cpuMsOf(roots: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const table = await processes()
  return Object.fromEntries(
    Object.entries(roots).map(([name, root]) => {
      const counted = new Set([root])
      // A child comes after its parent as often as before it, so what is new is looked through again.
      for (let before = -1; before < counted.size; ) {
        before = counted.size
        for (const { pid, parent } of table) if (counted.has(parent)) counted.add(pid)
      }
      const own = table.filter(({ pid }) => counted.has(pid))
      return [name, own.reduce((sum, { ticks }) => sum + ticks * TICK_MS, 0)]
    }),
  )
}

async function processes(): Promise<{ pid: number; parent: number; ticks: number }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return texts.filter(Boolean).map((text) => {
    // The name in brackets may hold blanks and brackets; after it come state, parent, …, user and system time.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return {
      pid: Number.parseInt(text, 10),
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
    }
  })
}
