import { describe, expect, it } from "vitest";
import { dataSourceUid } from "../config/grafana-config";
import { prodLikeSpec } from "../fixtures/prod-like-spec";
import { dashboardFiles } from "./dashboard-files";

interface GrafanaPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat?: string;
    readonly datasource?: { readonly uid: string };
  }[];
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly options?: { readonly legend?: { readonly showLegend: boolean } };
}

interface GrafanaDashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly editable: boolean;
  readonly panels: readonly GrafanaPanel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly datasource?: { readonly uid: string };
    }[];
  };
}

const files = dashboardFiles(prodLikeSpec);
const dashboards = files.map(({ content }) => JSON.parse(content) as GrafanaDashboard);
const all = dashboards.map((dashboard) => [dashboard.uid, dashboard] as const);
const charts = (dashboard: GrafanaDashboard) => dashboard.panels.filter(({ type }) => type !== "row");

describe("dashboards", () => {
  it("have names of their own that fit Grafana", () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(8);
    expect(new Set(dashboards.map(({ title }) => title)).size).toBe(8);
    for (const { uid } of dashboards) expect(uid.length).toBeLessThanOrEqual(40);
  });

  it("show at least request rate, 95th percentile, tokens per second and GPU memory in GiB on the overview", () => {
    const overview = dashboards.find(({ uid }) => uid === "holdfast-overview");
    const shown = new Map(overview?.panels.map((panel) => [panel.title, panel]));
    expect(shown.get("Request rate")?.fieldConfig?.defaults.unit).toBe("reqps");
    expect(shown.get("Latency, 95th percentile")?.fieldConfig?.defaults.unit).toBe("s");
    expect(shown.get("Tokens per second")?.targets).toHaveLength(2);
    expect(shown.get("GPU memory")?.fieldConfig?.defaults.unit).toBe("gbytes");
    for (const panel of shown.values())
      for (const target of panel.targets ?? []) expect(target.legendFormat).not.toBe("");
  });

  describe.each(all)("%s", (_, dashboard) => {
    it("cannot be edited by hand and has the form Grafana 10 to 13 read", () => {
      expect(dashboard.editable).toBe(false);
      expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    });

    it("numbers panels from one and queries from A", () => {
      expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, index) => index + 1));
      for (const { title, targets = [] } of charts(dashboard)) {
        expect(
          targets.map(({ refId }) => refId),
          title,
        ).toEqual(targets.map((_, index) => "ABCDEFGHIJ"[index]));
        expect(targets.length, title).toBeGreaterThan(0);
      }
    });

    it("lays panels out without gaps in width and without overlap", () => {
      const taken = new Map<string, string>();
      for (const {
        title,
        gridPos: { x, y, w, h },
      } of dashboard.panels) {
        expect(x + w, title).toBeLessThanOrEqual(24);
        for (let column = x; column < x + w; column++) {
          for (let row = y; row < y + h; row++) {
            expect(taken.get(`${column},${row}`), `${title} lies on another panel`).toBeUndefined();
            taken.set(`${column},${row}`, title);
          }
        }
      }
    });

    it("says for every panel what it shows, in which unit, from which source", () => {
      for (const panel of charts(dashboard)) {
        expect(panel.title.length).toBeGreaterThan(1);
        expect(panel.description?.length, panel.title).toBeGreaterThan(5);
        expect(panel.fieldConfig?.defaults.unit, panel.title).toBeDefined();
        expect(panel.datasource, panel.title).toEqual({ type: "prometheus", uid: "${datasource}" });
        for (const target of panel.targets ?? []) expect(target.datasource?.uid, panel.title).toBe("${datasource}");
        if (panel.type === "timeseries") expect(panel.options?.legend?.showLegend, panel.title).toBe(true);
      }
    });

    it("uses the variables that it defines, and only those", () => {
      const defined = dashboard.templating.list.map(({ name }) => name);
      const text = JSON.stringify(dashboard.panels);
      const used = new Set([...text.matchAll(/\$\{?([a-z]\w*)\}?/g)].map(([, name]) => name));
      expect([...used].sort()).toEqual([...defined].sort());
      for (const variable of dashboard.templating.list) {
        if (variable.type === "query") expect(variable.datasource?.uid).toBe("${datasource}");
      }
    });
  });

  it("find the data source that is provisioned", () => {
    expect(dataSourceUid).toBe("prometheus");
  });
});
