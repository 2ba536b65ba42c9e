/* oxlint-disable typescript/no-deprecated -- the SDK prefers its v2 form, which only Grafana 12 and later read; the classic one is read by 10 to 13. */
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  VariableRefresh,
  VariableSort,
  type Dashboard,
  type Panel,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { DataqueryBuilder, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";

/** A unit that Grafana knows by this name. */
export type Unit =
  | "s"
  | "percentunit"
  | "reqps"
  | "short"
  | "currencyUSD"
  | "celsius"
  | "watt"
  | "bytes"
  | "gbytes"
  | "Bps"
  | "Mbits"
  | "cps"
  | "none"
  | "dtdurations";

export interface PanelQuery {
  readonly expr: string;
  readonly legend: string;
}

/** A panel as we think of it; `dashboard` turns it into Grafana's form. */
export interface PanelSpec {
  readonly title: string;
  /** What it shows and why one looks at it. */
  readonly description: string;
  /** @default "lines" */
  readonly kind?: "lines" | "number" | "table";
  readonly unit: Unit;
  readonly queries: readonly PanelQuery[];
  /** Of 24 columns. @default 8, 6 for a number */
  readonly width?: number;
  /** Above this value the panel turns red; the same number that an alert compares with. @default never */
  readonly red?: number;
  /** Value that is all right, below which a number is red. @default never */
  readonly redBelow?: number;
}

export interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

export interface VariableSpec {
  readonly name: "fleet" | "node";
  readonly query: string;
}

export interface DashboardSpec {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly VariableSpec[];
  readonly rows: readonly RowSpec[];
}

export const fleetVariable: VariableSpec = { name: "fleet", query: "label_values(fleet:llm_replicas:promise, fleet)" };
export const nodeVariable: VariableSpec = { name: "node", query: 'label_values(up{job="node"}, node)' };

const dataSource = { type: "prometheus", uid: "${datasource}" };
const columns = 24;

/** Grafana's own form of a dashboard, built with its Foundation SDK; what the SDK leaves open (ids, places, reference ids) is filled in. */
export function dashboard(spec: DashboardSpec): Dashboard {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags(["holdfast"])
    .readonly()
    .timezone("browser")
    .refresh("30s")
    .time({ from: "now-6h", to: "now" })
    .withVariable(new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"));
  for (const { name, query } of spec.variables) {
    builder.withVariable(
      new QueryVariableBuilder(name)
        .label(name)
        .query(query)
        .datasource(dataSource)
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .sort(VariableSort.AlphabeticalAsc)
        .multi(true)
        .includeAll(true)
        .allValue(".+"),
    );
  }
  const built = builder.build();
  built.panels = place(spec.rows);
  return built;
}

function place(rows: readonly RowSpec[]): NonNullable<Dashboard["panels"]> {
  const placed: NonNullable<Dashboard["panels"]> = [];
  let top = 0;
  for (const { title, panels } of rows) {
    const row = new RowBuilder(title).build();
    placed.push({ ...row, id: placed.length + 1, gridPos: { x: 0, y: top, w: columns, h: 1 } });
    top += 1;
    let left = 0;
    let height = 0;
    for (const panel of panels) {
      const size = sizeOf(panel);
      if (left + size.w > columns) {
        top += height;
        left = 0;
        height = 0;
      }
      placed.push({ ...panelOf(panel), id: placed.length + 1, gridPos: { ...size, x: left, y: top } });
      left += size.w;
      height = Math.max(height, size.h);
    }
    top += height;
  }
  return placed;
}

function sizeOf({ kind = "lines", width }: PanelSpec): { w: number; h: number } {
  return kind === "number" ? { w: width ?? 6, h: 4 } : { w: width ?? 8, h: 8 };
}

function panelOf(spec: PanelSpec): Panel {
  const builder = panelBuilder(spec)
    .title(spec.title)
    .description(spec.description)
    .datasource(dataSource)
    .unit(spec.unit)
    .noValue("no data")
    .thresholds(thresholds(spec));
  spec.queries.forEach(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .expr(expr)
      .legendFormat(legend)
      .datasource(dataSource);
    builder.withTarget(
      spec.kind === "table"
        ? query.instant().format(PromQueryFormat.Table)
        : spec.kind === "number"
          ? query.instant()
          : query.range(),
    );
  });
  return builder.build();
}

function panelBuilder({ kind = "lines" }: PanelSpec): TimeSeriesBuilder | StatBuilder | TableBuilder {
  switch (kind) {
    case "number":
      return new StatBuilder();
    case "table":
      return new TableBuilder();
    case "lines":
      return new TimeSeriesBuilder()
        .legend(
          new VizLegendOptionsBuilder()
            .displayMode(LegendDisplayMode.List)
            .placement(LegendPlacement.Bottom)
            .showLegend(true),
        )
        .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  }
}

function thresholds({ red, redBelow }: PanelSpec): ThresholdsConfigBuilder {
  const builder = new ThresholdsConfigBuilder();
  if (redBelow !== undefined) {
    return builder.steps([
      { value: null, color: "red" },
      { value: redBelow, color: "green" },
    ]);
  }
  return builder.steps([{ value: null, color: "green" }, ...(red === undefined ? [] : [{ value: red, color: "red" }])]);
}
