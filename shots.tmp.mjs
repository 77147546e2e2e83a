import { chromium } from "@playwright/test";
import { readFileSync } from "node:fs";
const base="http://127.0.0.1:3101"; const pw=readFileSync("/tmp/bdemo/demo-password","utf8").trim();
const b=await chromium.launch({executablePath:"/usr/bin/chromium",args:["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-background-networking"]});
const errors=[];
for (const [name,w,h,scheme] of [["desk-light",1280,800,"light"],["phone-dark",375,740,"dark"]]) {
  const ctx=await b.newContext({viewport:{width:w,height:h},colorScheme:scheme}); const p=await ctx.newPage();
  p.on("console",m=>{ if(["error","warning"].includes(m.type())) errors.push(name+" "+m.text().slice(0,300)); }); p.on("pageerror",e=>errors.push(name+" PAGE "+e.message));
  await p.goto(base+"/sign-in"); await p.waitForLoadState("networkidle"); await p.screenshot({path:`/tmp/shots/${name}-signin.png`});
  await p.getByLabel("Email").fill("demo@burgeon.local"); await p.getByLabel("Password",{exact:true}).fill(pw); await p.getByRole("button",{name:"Sign in"}).click();
  await p.waitForURL(/\/chat/,{timeout:15000}); await p.waitForTimeout(800); await p.screenshot({path:`/tmp/shots/${name}-chat-empty.png`});
  const box=p.getByRole("textbox").first(); 
  if (name==="desk-light") { await box.fill("What is (5+3)*2-7/2 and what time is it in Tokyo?"); await p.keyboard.press("Enter"); await p.waitForTimeout(2500); await p.screenshot({path:`/tmp/shots/${name}-chat-answer.png`});
  await p.getByRole("textbox").first().fill("Build me a module from http://127.0.0.1:4311/openapi.json"); await p.keyboard.press("Enter"); await p.waitForTimeout(5000); await p.screenshot({path:`/tmp/shots/${name}-chat-build.png`,fullPage:true}); }
  for (const [n,u] of [["modules","/modules"],["new","/modules/new"],["module","/modules/books/library"],["models","/settings/models"],["tokens","/settings/tokens"]]) { await p.goto(base+u); await p.waitForTimeout(700); await p.screenshot({path:`/tmp/shots/${name}-${n}.png`,fullPage:true}); }
  const link=p.locator('a[href*="/review/"]').first(); await p.goto(base+"/modules/books/library"); await p.waitForTimeout(500); if(await link.count()){ await link.click(); await p.waitForTimeout(1200); await p.screenshot({path:`/tmp/shots/${name}-review.png`,fullPage:true}); }
  await ctx.close();
}
console.log(errors.join("\n")); await b.close();
