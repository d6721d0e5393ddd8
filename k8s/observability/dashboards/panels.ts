import {
  DashboardBuilder,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  type Dashboard as GrafanaDashboard,
  QueryVariableBuilder,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries'

/** An expression of PromQL, and the name of its lines. */
type Line = { expr: string; legend: string }

/** What a panel shows. */
export type Shown = {
  title: string
  /** What is well and what is not, for a person who sees the panel at night. */
  about: string
  /** A unit of Grafana, such as `s`, `reqps` or `bytes`; without it a plain number. */
  unit?: string
  lines: readonly [Line, ...Line[]]
}

/** A dashboard in our words. */
export type Dashboard = {
  uid: string
  title: string
  about: string
  /** The numbers of this moment, side by side at the top. */
  now: readonly Shown[]
  /** How they came to be. */
  overTime: readonly Shown[]
  /** Whether its expressions use `$service`, which the reader chooses. */
  ofOneService?: true
}

/** Grafana's grid has this many columns. */
const COLUMNS = 24
const NOW_HEIGHT = 4
const HEIGHT = 8
const PROMETHEUS = { type: 'prometheus', uid: '$prometheus' }

/** The dashboard as Grafana loads it. The reader chooses the Prometheus, and keeps it from dashboard to dashboard. */
export function asGrafana({ uid, title, about, now, overTime, ofOneService }: Dashboard): GrafanaDashboard {
  const dashboard = new DashboardBuilder(`Bazaar: ${title}`)
    .uid(uid)
    .description(about)
    .tags(['bazaar'])
    .refresh('30s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser')
    .readonly()
    .link(
      new DashboardLinkBuilder('Bazaar')
        .type(DashboardLinkType.Dashboards)
        .tags(['bazaar'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    )
    .withVariable(new DatasourceVariableBuilder('prometheus').label('Prometheus').type('prometheus'))
  if (ofOneService)
    dashboard.withVariable(
      new QueryVariableBuilder('service')
        .label('Service')
        .datasource(PROMETHEUS)
        .query('label_values(service_ready, service)')
        .refresh(VariableRefresh.OnTimeRangeChanged),
    )
  const nowWidth = COLUMNS / now.length
  now.forEach((shown, index) => {
    dashboard.withPanel(number(shown).gridPos({ h: NOW_HEIGHT, w: nowWidth, x: nowWidth * index, y: 0 }))
  })
  overTime.forEach((shown, index) => {
    const [x, y] = [(COLUMNS / 2) * (index % 2), NOW_HEIGHT + HEIGHT * Math.floor(index / 2)]
    dashboard.withPanel(curves(shown).gridPos({ h: HEIGHT, w: COLUMNS / 2, x, y }))
  })
  return dashboard.build()
}

function number({ title, about, unit = 'none', lines }: Shown): StatBuilder {
  const panel = new StatBuilder().title(title).description(about).datasource(PROMETHEUS).unit(unit)
  for (const line of lines) panel.withTarget(query(line).instant())
  return panel
}

function curves({ title, about, unit = 'none', lines }: Shown): TimeseriesBuilder {
  const panel = new TimeseriesBuilder().title(title).description(about).datasource(PROMETHEUS).unit(unit)
  panel.min(0).fillOpacity(10)
  for (const line of lines) panel.withTarget(query(line).range())
  return panel
}

function query({ expr, legend }: Line): DataqueryBuilder {
  return new DataqueryBuilder().expr(expr).legendFormat(legend)
}
