/** A part of `./bazaar test`. */
export type Suite = {
  name: string
  command: readonly [string, ...string[]]
  /** The unit of counting: the tests that Bun reports, or the whole command as one. */
  counts: 'tests' | 'the command'
  /** Needs to be running meanwhile. Some suites that need nothing start stores themselves. */
  needs: 'nothing' | 'stores of its own' | 'stack' | 'stack with demo data' | 'stack with a collector'
  /** Whether it opens pages in a real browser. */
  browser?: true
  /** Whether it asks Prometheus' own tool. */
  promtool?: true
  /** Whether the problems are noted that services send meanwhile, or it judges those that were. */
  problems?: 'noted' | 'judged'
  /** Whether it builds containers or networks, which takes root on Linux. */
  root?: true
  /** Whether it takes minutes and shows something beside the tests: it then runs only by name, or with `--all`. */
  long?: true
}

const script = (name: string): Suite['command'] => ['bun', 'run', name]
/** Bun gives a test five seconds, which is not enough for a hundred log-ins or a broker that was killed. */
const TEST_TIMEOUT_MS = 120_000
const tests = (...folders: string[]): Suite['command'] => [
  'bun',
  'test',
  `--timeout=${TEST_TIMEOUT_MS}`,
  ...folders,
]

/** Everything that `./bazaar test` runs, in this order. */
export const suites: readonly Suite[] = [
  { name: 'format', command: script('format:check'), counts: 'the command', needs: 'nothing' },
  { name: 'types', command: script('types'), counts: 'the command', needs: 'nothing' },
  { name: 'unit', command: script('test:unit'), counts: 'tests', needs: 'nothing' },
  { name: 'shared', command: tests('./shared/test'), counts: 'tests', needs: 'stack' },
  {
    name: 'iam',
    command: tests('./services/iam/test'),
    counts: 'tests',
    needs: 'stack',
    problems: 'noted',
  },
  {
    name: 'user',
    command: tests('./services/user/test'),
    counts: 'tests',
    needs: 'stack',
    problems: 'noted',
  },
  {
    name: 'inventory',
    command: tests('./services/inventory/test'),
    counts: 'tests',
    needs: 'stack',
    problems: 'noted',
  },
  {
    name: 'order',
    command: tests('./services/order/test'),
    counts: 'tests',
    needs: 'stack',
    problems: 'noted',
  },
  { name: 'k8s:check', command: script('k8s:check'), counts: 'tests', needs: 'nothing' },
  {
    name: 'rules',
    command: tests('./tests/rules', './tests/plants', './tests/sabotage', './tests/mutations'),
    counts: 'tests',
    needs: 'nothing',
  },
  { name: 'contracts', command: script('contracts'), counts: 'the command', needs: 'stack' },
  {
    name: 'contracts:prove',
    command: script('contracts:prove'),
    counts: 'the command',
    needs: 'stack',
    long: true,
  },
  { name: 'stack', command: tests('./stack/test'), counts: 'tests', needs: 'stores of its own' },
  {
    name: 'journeys',
    command: tests('./tests/journeys'),
    counts: 'tests',
    needs: 'stack',
    problems: 'noted',
  },
  { name: 'operators', command: tests('./tests/operators'), counts: 'tests', needs: 'stack' },
  { name: 'client', command: tests('./client/test'), counts: 'tests', needs: 'stack' },
  { name: 'stores', command: tests('./tests/stores'), counts: 'tests', needs: 'stack' },
  { name: 'security', command: script('security'), counts: 'tests', needs: 'stack', problems: 'noted' },
  {
    name: 'faults',
    command: ['bun', 'run', 'faults', '--quick'],
    counts: 'the command',
    needs: 'stores of its own',
    long: true,
  },
  {
    name: 'security:prove',
    command: script('security:prove'),
    counts: 'the command',
    needs: 'stack',
    long: true,
  },
  { name: 'mutations', command: script('mutate'), counts: 'the command', needs: 'nothing', long: true },
  {
    name: 'alerts',
    command: tests('./k8s/observability/test'),
    counts: 'tests',
    needs: 'stack',
    promtool: true,
  },
  { name: 'browser', command: tests('./tests/browser'), counts: 'tests', needs: 'stack', browser: true },
  {
    name: 'shop',
    command: tests('./tests/shop'),
    counts: 'tests',
    needs: 'stack',
    browser: true,
    long: true,
  },
  {
    name: 'shop:nemesis',
    command: tests('./tests/shop-nemesis'),
    counts: 'tests',
    needs: 'stack',
    browser: true,
    long: true,
  },
  {
    name: 'traces',
    command: tests('./tests/traces', './tests/security/output/canaries.test.ts'),
    counts: 'tests',
    needs: 'stack with a collector',
  },
  { name: 'soak', command: tests('./tests/soak'), counts: 'tests', needs: 'stack', long: true },
  {
    name: 'clients',
    command: tests('./tests/clients'),
    counts: 'tests',
    needs: 'stack with demo data',
    long: true,
  },
  { name: 'images', command: script('images'), counts: 'tests', needs: 'nothing', root: true },
  {
    name: 'disks',
    command: tests('./stack/disks/test', './tests/disks'),
    counts: 'tests',
    needs: 'stores of its own',
    root: true,
  },
  { name: 'two-nodes', command: script('two-nodes'), counts: 'tests', needs: 'nothing', root: true },
  // The last, as it looks at what the others had sent.
  {
    name: 'problems',
    command: script('problems'),
    counts: 'the command',
    needs: 'nothing',
    problems: 'judged',
  },
]
