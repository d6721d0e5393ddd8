import process from 'node:process'

const TICK_MS = 100
const QUIET_MS = 10_000
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const

/** Reports the present stage of a step. */
export type Note = (text: string) => void

/** The progress that a person sees while things are being done. */
export type Progress = {
  /** Shows the step with its time until the work is done or has failed. Steps may overlap. */
  step: <T>(title: string, work: (note: Note) => Promise<T>) => Promise<T>
  line: (text: string) => void
}

type Step = { title: string; note: string; startedAt: number; saidAt: number }

/** The output for progress: a terminal, which can be rewritten, or anything else, which gets plain lines. */
export type Screen = { isTTY?: boolean; columns?: number; write: (text: string) => unknown }

/** Shows nothing. */
export const silence: Progress = { step: (_title, work) => work(() => undefined), line: () => undefined }

/** Shows one line for each step: ticking below everything else while it lasts, then done or failed with its time. */
export function showProgress(screen: Screen = process.stdout): Progress {
  const running = new Set<Step>()
  let drawn = 0
  let ticking: NodeJS.Timeout | undefined

  function redraw(finished?: string): void {
    const erase = drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : ''
    const lines = screen.isTTY ? [...running].map((step) => tickingLine(step, screen.columns || 80)) : []
    drawn = lines.length
    const text = [...(finished === undefined ? [] : [finished]), ...lines].map((line) => `${line}\n`).join('')
    if (erase || text) screen.write(erase + text)
  }

  function tick(): void {
    if (screen.isTTY) redraw()
    for (const step of running) {
      if (screen.isTTY || performance.now() - step.saidAt < QUIET_MS) continue
      step.saidAt = performance.now()
      screen.write(`… ${step.title}${step.note && `: ${step.note}`} (${seconds(step)})\n`)
    }
  }

  async function step<T>(title: string, work: (note: Note) => Promise<T>): Promise<T> {
    const now = performance.now()
    const mine: Step = { title, note: '', startedAt: now, saidAt: now }
    running.add(mine)
    ticking ??= setInterval(tick, TICK_MS)
    if (screen.isTTY) redraw()
    const done = (sign: string) => {
      running.delete(mine)
      if (running.size === 0) {
        clearInterval(ticking)
        ticking = undefined
      }
      redraw(`${sign} ${title.padEnd(28)} ${seconds(mine).padStart(7)}`)
    }
    try {
      const result = await work((note) => {
        mine.note = note
      })
      done('✓')
      return result
    } catch (error) {
      done('✗')
      throw error
    }
  }

  return { step, line: (text) => redraw(text) }
}

function tickingLine(step: Step, columns: number): string {
  const elapsedMs = performance.now() - step.startedAt
  const frame = FRAMES[Math.floor(elapsedMs / TICK_MS) % FRAMES.length]
  const text = `${frame} ${step.title.padEnd(28)} ${seconds(step).padStart(7)}${step.note && `  ${step.note}`}`
  return text.slice(0, columns - 1)
}

function seconds(step: Step): string {
  return `${((performance.now() - step.startedAt) / 1000).toFixed(1)} s`
}
