// Looks of hosted forms: one sheet, light and dark by what the reader's system says, from a phone to a wide screen.
export const formStyle = `
:root{color-scheme:light dark;--page:#f5f5f3;--card:#fff;--ink:#1b1b1a;--soft:#5f5e5a;--line:#c9c8c3;--hair:#e4e3df;
--brand:#3b4fd8;--on-brand:#fff;--brand-soft:#eceefc;--bad:#b3261e;--bad-soft:#fdecea}
@media (prefers-color-scheme:dark){:root{--page:#121214;--card:#1c1c1f;--ink:#ececea;--soft:#a3a29d;--line:#4a4a50;--hair:#2c2c30;
--brand:#9aa7ff;--on-brand:#14162b;--brand-soft:#272a45;--bad:#ff9c94;--bad-soft:#3a2120}}
*,*::before,*::after{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans Arabic",sans-serif;
padding:clamp(0px,6vw,4rem) 0 4rem}
main{max-width:38rem;margin:0 auto;background:var(--card);border:1px solid var(--hair);border-radius:16px;padding:clamp(1.5rem,6vw,2.75rem)}
@media (max-width:44rem){body{padding:0;background:var(--card)}main{border:0;border-radius:0;min-height:100vh}}
h1{font-size:1.625rem;line-height:1.25;margin:0 0 .5rem;letter-spacing:-.01em;overflow-wrap:anywhere}
:lang(ar) h1{letter-spacing:0}
h2{font-size:1.125rem;margin:0 0 .25rem}
p{margin:0 0 .75rem;white-space:pre-line;overflow-wrap:anywhere}
.lead,.help,.step{color:var(--soft)}
.step{font-size:.875rem;margin:1.5rem 0 .5rem;display:flex;flex-direction:column;gap:.5rem}
.bar{height:4px;border-radius:2px;background:var(--hair);overflow:hidden}.bar i{display:block;height:100%;background:var(--brand);border-radius:2px;transition:width .2s}
fieldset{border:0;margin:0;padding:0;min-width:0}
.page{margin-top:1.5rem}.page[hidden]{display:none}
.field{margin-top:1.375rem}
.label{display:block;font-weight:600;padding:0;margin:0 0 .25rem}
.label small{font-weight:400;color:var(--soft);font-size:.875rem}
.help{font-size:.875rem;margin:0 0 .375rem}
input:not([type=checkbox],[type=radio]),select,textarea{width:100%;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);
border-radius:10px;padding:.6875rem .875rem;min-height:2.875rem}
textarea{min-height:7.5rem;resize:vertical;display:block}
input[type=file]{padding:.5rem;border-style:dashed}
input[type=file]::file-selector-button{font:inherit;font-size:.875rem;border:0;border-radius:7px;background:var(--brand-soft);color:var(--brand);
padding:.375rem .75rem;margin-inline-end:.75rem;cursor:pointer}
::placeholder{color:var(--soft);opacity:.75}
:focus-visible{outline:3px solid var(--brand);outline-offset:1px}
.choice{display:flex;gap:.75rem;align-items:flex-start;padding:.6875rem .875rem;border:1px solid var(--line);border-radius:10px;margin-top:.5rem;cursor:pointer}
.choice:has(:checked){border-color:var(--brand);background:var(--brand-soft)}
.choice input{width:1.125rem;height:1.125rem;margin:.1875rem 0 0;accent-color:var(--brand);flex:none}
.wrong input:not([type=checkbox],[type=radio]),.wrong select,.wrong textarea,.wrong .choice{border-color:var(--bad)}
.error{color:var(--bad);font-size:.875rem;margin:.375rem 0 0}
.alert{background:var(--bad-soft);color:var(--bad);border-radius:10px;padding:.75rem 1rem;margin:1.25rem 0 0}
.alert p{margin:0}
.buttons{display:flex;gap:.75rem;margin-top:2rem;flex-wrap:wrap}
button,.button{font:inherit;font-weight:600;border-radius:10px;border:1px solid transparent;padding:.6875rem 1.5rem;min-height:2.875rem;cursor:pointer;
background:var(--brand);color:var(--on-brand);text-decoration:none;display:inline-block}
button.quiet,.button.quiet{background:transparent;color:inherit;border-color:var(--line)}
button:disabled{opacity:.6;cursor:progress}
[hidden]{display:none!important}
.mark{width:3rem;height:3rem;border-radius:50%;background:var(--brand-soft);color:var(--brand);display:grid;place-items:center;margin-bottom:1.25rem}
@media (max-width:30rem){.buttons>*{flex:1 1 100%;text-align:center}.buttons .quiet{order:2}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
`;

/** Shows one page at a time. Without it, all pages stand below each other and one button sends them. */
export const formScript = `
const form=document.querySelector("form"),pages=[...form.querySelectorAll(".page")],step=document.querySelector(".step");
const [back,next,send]=["back","next","send"].map(n=>form.querySelector("[data-"+n+"]"));
let at=Math.max(0,pages.findIndex(p=>p.querySelector(".wrong")));
function show(move){pages.forEach((p,i)=>{p.hidden=i!==at});back.hidden=at===0;next.hidden=at===pages.length-1;send.hidden=!next.hidden;
if(step){step.hidden=false;step.firstElementChild.textContent=step.dataset["s"+at];step.querySelector("i").style.width=(at+1)/pages.length*100+"%"}
if(move){const f=pages[at].querySelector("input,select,textarea");scrollTo(0,0);if(f)f.focus({preventScroll:true})}}
function fits(){for(const f of pages[at].querySelectorAll("input,select,textarea"))if(!f.reportValidity())return false;return true}
next.addEventListener("click",()=>{if(fits()){at++;show(true)}});
back.addEventListener("click",()=>{at--;show(true)});
form.addEventListener("keydown",e=>{if(e.key==="Enter"&&e.target.tagName==="INPUT"&&!next.hidden){e.preventDefault();next.click()}});
form.addEventListener("submit",()=>{setTimeout(()=>{send.disabled=true},0)});
addEventListener("pageshow",()=>{send.disabled=false});
if(pages.length>1)show(false);else{send.hidden=false}
const wrong=form.querySelector(".wrong input,.wrong select,.wrong textarea");if(wrong)wrong.focus();
`;
