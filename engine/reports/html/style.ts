import { colours } from '../topology/palette.ts';

const light = `--page:#f4f6f8;--surface:#fff;--surface-2:#f7f9fa;--text:${colours.text};--muted:#5c6874;--line:#dfe5e9;--edge:#8794a1;
--accent:#0b7285;--good:#17703c;--good-back:#e3f5ea;--bad:#c92a2a;--bad-back:#fdeaea;--warn:#8a5200;--warn-back:#fdf1dc;--fault:#b54708;
--fault-back:rgb(224 122 0/.15);--ok:#1f9d63;--failed:#d9383a;--sent:#7b8794;--p50:#128aa5;--p95:#c2760c;--p99:#7a4ad0;--grid:#e6eaee;--badge:#fff`;
const dark = `--page:#14181c;--surface:#1c2126;--surface-2:#22282e;--text:#dfe5ea;--muted:#9aa6b2;--line:#343d45;--edge:#73808d;
--accent:#46b8d1;--good:#5fd693;--good-back:#173726;--bad:#ff8585;--bad-back:#45201f;--warn:#f5bf5c;--warn-back:#3f3117;--fault:#ffa94d;
--fault-back:rgb(255 169 64/.16);--ok:#4ccb82;--failed:#ff6b6b;--sent:#93a0ad;--p50:#46b8d1;--p95:#f2b544;--p99:#b197fc;--grid:#2b3239;--badge:#14181c`;

/** The whole style of a page. It names no font or picture that would have to be fetched. */
export const style = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1080px;margin:0 auto;padding:28px 20px 60px}
header,section{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:22px 26px;margin:0 0 18px}
h1{margin:2px 0 8px;font-size:27px;line-height:1.25;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{margin:0 0 14px;font-size:18px;line-height:1.3}
p{margin:8px 0}
.over{margin:0;color:var(--accent);font-weight:600;font-size:13px;overflow-wrap:anywhere}
.statement{color:var(--muted);font-size:16px;max-width:75ch}
.quiet,figcaption,caption,small{color:var(--muted)}
.quiet,figcaption{font-size:13px}
.verdict{display:flex;gap:14px;align-items:flex-start;margin:16px 0;padding:12px 16px;border-radius:10px}
.verdict b{flex:none;padding:2px 12px;border-radius:7px;color:var(--badge);text-transform:uppercase;letter-spacing:.05em;font-size:14px}
.verdict ul{margin:0;padding:0;list-style:none;min-width:0;overflow-wrap:anywhere}
.verdict-passed{background:var(--good-back)}.verdict-passed b{background:var(--good)}
.verdict-failed{background:var(--bad-back)}.verdict-failed b{background:var(--bad)}
.verdict-inconclusive,.verdict-aborted{background:var(--warn-back)}.verdict-inconclusive b,.verdict-aborted b{background:var(--warn)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(125px,1fr));gap:10px;margin:18px 0 0}
.tiles div{padding:10px 14px;border:1px solid var(--line);border-radius:10px;background:var(--surface-2)}
.tiles dt{color:var(--muted);font-size:12px}
.tiles dd{margin:0;font-size:21px;font-weight:650;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.tiles .detail{color:var(--muted);font-size:12px;font-weight:400;letter-spacing:0}
nav{margin:0 4px 18px;font-size:13px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none}
a{color:var(--accent)}
.scroll{overflow-x:auto;margin:0 0 18px}.scroll:last-child{margin-bottom:0}
:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:4px}
table{border-collapse:collapse;width:100%;font-size:13.5px}
caption{text-align:left;padding:0 0 6px;font-size:13px}
th,td{padding:6px 12px 6px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
thead th{color:var(--muted);font-weight:600;font-size:12px;vertical-align:bottom;border-bottom-color:var(--edge)}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:90px}
td{overflow-wrap:break-word}
.figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}
small{font-size:12px;font-weight:400}
.badge{display:inline-block;padding:0 8px;border-radius:6px;font-size:12px;font-weight:650;white-space:nowrap}
.badge.good{background:var(--good-back);color:var(--good)}.badge.bad{background:var(--bad-back);color:var(--bad)}.badge.warn{background:var(--warn-back);color:var(--warn)}
.good{color:var(--good)}.bad{color:var(--bad)}
.looks{margin:4px 0;padding:0 0 0 16px;font-size:12px}
.own{margin:0;padding:0;list-style:none;font-size:12.5px}.own li{display:inline}.own li+li::before{content:' · ';color:var(--muted)}.own{min-width:220px}.own b{font-variant-numeric:tabular-nums}
code,pre{font:13px/1.5 ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere}
pre{margin:8px 0;padding:12px 16px;border:1px solid var(--line);border-radius:10px;background:var(--surface-2);overflow-x:auto}
.command{white-space:pre-wrap}
summary{cursor:pointer;color:var(--accent);font-weight:600;padding:2px 0}
.journal tbody th{font-weight:400;white-space:nowrap;min-width:64px;font-variant-numeric:tabular-nums;color:var(--muted)}
.journal td:nth-child(2){white-space:nowrap;font-weight:600}
figure{margin:0}
.topology{overflow-x:auto}
.topology svg{display:block;max-width:100%;height:auto;margin:0 auto 10px}
.plot{margin:0 0 14px}.plot svg{display:block;width:100%;height:auto}
.key{margin-left:12px}.key::before{content:"";display:inline-block;width:14px;height:3px;margin-right:5px;border-radius:2px;vertical-align:middle;background:currentColor}
.key-ok{color:var(--ok)}.key-failed{color:var(--failed)}.key-sent{color:var(--sent)}.key-p50{color:var(--p50)}.key-p95{color:var(--p95)}.key-p99{color:var(--p99)}
svg text{font-family:inherit}
.p-grid{stroke:var(--grid);fill:none}.p-tick{fill:var(--muted);font-size:11.5px}.p-band-fault{fill:var(--fault-back)}.p-band-change{fill:var(--p99);opacity:.1}
.p-line{fill:none;stroke-width:1.8;stroke-linejoin:round}.p-area{opacity:.13;stroke:none}
.p-line.p-ok{stroke:var(--ok)}.p-line.p-failed{stroke:var(--failed)}.p-line.p-sent{stroke:var(--sent);stroke-dasharray:4 3}
.p-line.p-p50{stroke:var(--p50)}.p-line.p-p95{stroke:var(--p95)}.p-line.p-p99{stroke:var(--p99)}.p-line.p-node{stroke:var(--p50);stroke-width:1.3}
.p-area.p-ok,.p-dot.p-ok{fill:var(--ok)}.p-area.p-failed,.p-dot.p-failed{fill:var(--failed)}.p-dot.p-sent{fill:var(--sent)}.p-dot.p-p50,.p-area.p-node{fill:var(--p50)}.p-dot.p-p95{fill:var(--p95)}.p-dot.p-p99{fill:var(--p99)}
.p-moment rect{fill:transparent}.p-moment path{stroke:transparent;fill:none;pointer-events:none}.p-moment:hover path{stroke:var(--muted);stroke-dasharray:3 3}
.s-calm{fill:var(--line)}.s-before,.s-after{fill:var(--good-back);stroke:var(--good)}.s-during{fill:var(--warn-back);stroke:var(--warn)}.s-fault{fill:var(--fault)}.s-change{fill:var(--p99)}.s-bad{fill:var(--failed)}
.s-in,.s-by{font-size:11.5px;font-weight:600;fill:var(--text)}.s-in-fault,.s-in-change,.s-in-bad{fill:var(--badge)}
.t-card{fill:var(--surface);stroke:var(--line)}.t-card-hit{stroke:var(--fault)}.t-frame{stroke:var(--edge)}.t-rule{stroke:var(--line)}
.t-edge{stroke:var(--edge)}.t-tip{fill:var(--edge)}.t-hit{stroke:var(--fault)}.t-tip-hit{fill:var(--fault)}
.t-text{fill:var(--text)}.t-muted{fill:var(--muted)}.t-bad{fill:var(--bad)}.t-warn{fill:var(--warn)}.t-fault{fill:var(--fault)}
.p-zero{stroke:var(--muted);fill:none}.p-mark{fill:var(--text)}
.range{width:220px;height:22px;display:block}
footer{color:var(--muted);font-size:12.5px;text-align:center}
@media (max-width:640px){main{padding:12px 8px}header,section{padding:16px 14px;border-radius:10px}h1{font-size:22px}.verdict{flex-direction:column}}
@media print{
:root{${light};--page:#fff;color-scheme:light}
@page{margin:14mm 12mm}
body{font-size:10.5pt}main{max-width:none;padding:0}
header,section{border:0;border-radius:0;padding:0 0 6mm;margin:0}
nav,.p-moment{display:none}
h2{break-after:avoid}tr,figure,.tiles div,.verdict{break-inside:avoid}
thead{display:table-header-group}.scroll,.topology{overflow:visible}table{font-size:8.5pt}th,td{padding-right:7px}
.figure{white-space:normal}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
