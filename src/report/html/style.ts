/** The page's style: light or dark as the reader's screen is, white on paper. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1c2430;--soft:#5b6675;--rule:#d5dae1;--bad:#c2352b;--c1:#2f6db3;--c2:#2f8f6b;--c3:#b3752f;--c4:#7a55b5;--c5:#b0457e;--c6:#5f7f1f}
@media (prefers-color-scheme:dark){:root{--paper:#14181e;--ink:#dfe5ec;--soft:#97a3b1;--rule:#364150;--bad:#f0786e;--c1:#6ea8e8;--c2:#63c79f;--c3:#e0a566;--c4:#b596ec;--c5:#e98abd;--c6:#a9cc63}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--rule:#ccc;--bad:#b00;--c1:#2f6db3;--c2:#2f8f6b;--c3:#b3752f;--c4:#7a55b5;--c5:#b0457e;--c6:#5f7f1f}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;margin:.5rem 0}
h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--rule)}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
figure{margin:0}
figcaption{color:var(--soft);font-size:.85rem}
.chart,.table{overflow-x:auto}
.chart svg{display:block;width:100%;min-width:900px;height:auto}
table{border-collapse:collapse;width:100%;min-width:640px;font-size:.85rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}
th,td:first-child{white-space:nowrap}
li{overflow-wrap:anywhere}
code{font-family:ui-monospace,monospace;font-size:.9em}
@media print{figure{break-inside:avoid}.chart svg,table{min-width:0}main{max-width:none;padding:0}}
`;
