/** The style sheet of the pages on this machine: plain, readable, light and dark as the reader's system has it. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1a1d21, #e8eaed);
  --faint: light-dark(#5c646d, #9aa3ad);
  --line: light-dark(#e1e5ea, #30353b);
  --ground: light-dark(#f6f7f9, #16181b);
  --sheet: light-dark(#ffffff, #1e2125);
  --hover: light-dark(#f0f4fa, #272b31);
  --link: light-dark(#0b57c2, #83b4ff);
  --bad: light-dark(#b3261e, #f2a29b);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 48px; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
header.bar { display: flex; align-items: baseline; gap: 12px; flex-wrap: wrap; margin-bottom: 16px; }
header.bar h1 { font-size: 22px; font-weight: 650; margin: 0; overflow-wrap: anywhere; }
.faint { color: var(--faint); }
.push { margin-left: auto; }
.mono { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 13px; }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { text-align: left; padding: 10px 16px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-size: 13px; font-weight: 500; color: var(--faint); }
tbody th { width: 150px; font-weight: 500; color: var(--faint); }
tbody tr.row:hover { background: var(--hover); }
.to { width: 32%; }
.when { width: 215px; white-space: nowrap; font-variant-numeric: tabular-nums; }
.number { width: 110px; text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.empty { padding: 56px 20px; text-align: center; color: var(--faint); }
nav.tabs { display: flex; gap: 4px; margin: 20px 0 10px; flex-wrap: wrap; }
nav.tabs a { padding: 5px 12px; border-radius: 7px; color: var(--faint); }
nav.tabs a[aria-current] { background: var(--sheet); color: var(--ink); box-shadow: 0 0 0 1px var(--line); }
nav.tabs a:hover { text-decoration: none; color: var(--ink); }
iframe { display: block; width: 100%; height: 68vh; border: 0; background: #fff; color-scheme: light; }
pre { margin: 0; padding: 16px; white-space: pre-wrap; overflow-wrap: anywhere; }
td pre { padding: 4px 0 0; }
button { font: inherit; font-size: 14px; color: var(--bad); background: var(--sheet); border: 1px solid var(--line); border-radius: 7px; padding: 4px 12px; cursor: pointer; }
button:hover { background: var(--hover); }
@media (max-width: 640px) {
  main { padding: 16px 12px 32px; }
  th, td { padding: 8px 10px; }
  .when { width: 96px; white-space: normal; }
  .number { display: none; }
  tbody th { width: 96px; }
}
`;
