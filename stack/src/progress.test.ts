import { describe, expect, test } from 'bun:test'
import { showProgress } from './progress.ts'

describe('showProgress()', () => {
  test('writes one plain line a step where there is no terminal', async () => {
    const { screen, written } = fakeScreen({ isTTY: false })
    const progress = showProgress(screen)
    expect(await progress.step('Start Redis', async () => 'done')).toBe('done')
    progress.line('and more')
    expect(written()).toMatch(/^✓ Start Redis +0\.0 s\nand more\n$/)
  })

  test('marks a step that failed and passes its error on', async () => {
    const { screen, written } = fakeScreen({ isTTY: false })
    const failing = showProgress(screen).step('Start Redis', () => Promise.reject(new Error('no')))
    expect(failing).rejects.toThrow('no')
    await failing.catch(() => undefined)
    expect(written()).toStartWith('✗ Start Redis')
  })

  test('redraws running steps below what is finished on a terminal, no wider than it is', async () => {
    const { screen, written } = fakeScreen({ isTTY: true, columns: 30 })
    const progress = showProgress(screen)
    const slow = Promise.withResolvers<void>()
    const first = progress.step('A step with a long name indeed, too long', () => slow.promise)
    await progress.step('Quick', async () => undefined)
    slow.resolve()
    await first
    const lines = written().split('\n')
    expect(lines.filter((line) => line.includes('\u001b[1A\u001b[0J')).length).toBeGreaterThan(0)
    expect(lines.filter((line) => line.startsWith('⠋')).every((line) => line.length < 30)).toBe(true)
    expect(written()).toContain('✓ Quick')
  })
})

function fakeScreen(options: { isTTY: boolean; columns?: number }) {
  const chunks: string[] = []
  const write = (text: string) => chunks.push(text)
  return { screen: { ...options, write }, written: () => chunks.join('') }
}
