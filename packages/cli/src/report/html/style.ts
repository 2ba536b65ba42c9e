/** The whole style of the report; both colour schemes, no fonts or images from anywhere. */
export const style = `
:root { color-scheme: light dark; --bg: #ffffff; --card: #f6f7f9; --line: #d8dde3; --text: #1b2430; --dim: #5b6773; --accent: #1c5fb0;
  --good: #1d7a46; --bad: #b3261e; --warn: #8a5a00; --weights: #3b6fb6; --kv: #4fa07c; --overhead: #c08a3e; --free: #e3e7ec; }
@media (prefers-color-scheme: dark) { :root { --bg: #12161b; --card: #1b2129; --line: #323b46; --text: #e4e9ef; --dim: #9aa6b2; --accent: #7db3f2;
  --good: #62c28d; --bad: #f08b83; --warn: #e2b45c; --weights: #5c8fd4; --kv: #5fb88f; --overhead: #d3a054; --free: #2b333d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 12px; } h3 { font-size: 16px; margin: 0 0 8px; }
p { margin: 6px 0; } a { color: var(--accent); } .dim { color: var(--dim); } code, .mono { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 14px; margin: 14px 0 0; } nav a { color: var(--accent); text-decoration: none; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 12px; margin: 20px 0; }
.tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; }
.tile .value { font-size: 22px; font-weight: 600; } .tile .label { color: var(--dim); font-size: 13px; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); gap: 14px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; } th, td { text-align: left; padding: 6px 10px; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--dim); font-weight: 600; white-space: nowrap; } td.mono { white-space: nowrap; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr.total td { font-weight: 600; border-bottom: none; }
.bar { display: flex; height: 14px; border-radius: 4px; overflow: hidden; background: var(--free); margin: 8px 0 4px; } .bar span { height: 100%; }
.weights { background: var(--weights); } .kv { background: var(--kv); } .overhead { background: var(--overhead); }
.key { display: flex; flex-wrap: wrap; gap: 12px; font-size: 12.5px; color: var(--dim); } .key i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
.key .free { background: var(--free); border: 1px solid var(--line); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 14px; margin: 8px 0; } dt { color: var(--dim); } dd { margin: 0; }
details { margin: 8px 0; } summary { cursor: pointer; color: var(--accent); } ol, ul { margin: 6px 0; padding-left: 22px; }
.diagram { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto; text-align: center; }
.diagram svg { max-width: 100%; height: auto; } .diagram svg text { fill: var(--text); font-family: Helvetica, Arial, "Liberation Sans", sans-serif; } .diagram svg path, .diagram svg polygon { stroke: var(--text); }
.diagram svg .node path { fill: var(--bg); stroke: var(--accent); stroke-width: 1.4; } .diagram svg .outside path { stroke: var(--dim); }
.diagram svg .endpoints path { stroke: var(--good); } .diagram svg .edge path { stroke: var(--dim); fill: none; } .diagram svg .edge polygon { fill: var(--dim); stroke: var(--dim); }
.diagram svg .edge text { fill: var(--dim); }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 10px; padding: 0 8px; font-size: 12.5px; white-space: nowrap; }
footer { margin-top: 48px; color: var(--dim); font-size: 13px; }
@media print { details { display: block; } main { max-width: none; } }
`;
