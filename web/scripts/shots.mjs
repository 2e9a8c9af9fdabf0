// Pictures of pages in three widths and both languages, with what is wrong on them: console errors, overflow, accessibility (axe).
//   BASE=http://localhost:5173 LOGIN=name:password node scripts/shots.mjs <folder> <path>…   (WIDTHS=390 LANGS=en FULL=1)
import { mkdirSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const base = process.env.BASE ?? 'http://localhost:5173';
const [folder = 'shots', ...paths] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--autoplay-policy=no-user-gesture-required'] });
for (const width of (process.env.WIDTHS ?? '390,768,1440').split(',').map(Number)) {
  for (const language of (process.env.LANGS ?? 'en,es').split(',')) {
    const context = await browser.newContext({ viewport: { width, height: width < 640 ? 844 : 900 }, locale: language });
    const page = await context.newPage();
    page.on('console', message => message.type() === 'error' && console.log(width, language, 'console:', message.text()));
    page.on('pageerror', error => console.log(width, language, 'error:', error.message));
    if (process.env.LOGIN) {
      const [login, password] = process.env.LOGIN.split(':');
      await context.request.post(`${base}/api/auth/login`, { data: { login, password } });
      await page.addInitScript(() => localStorage.setItem('son1k.signed-in', '1'));
    }
    for (const path of paths) {
      await page.goto(base + path);
      await page.waitForLoadState('load');
      await page.waitForTimeout(1200);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (overflow > 0) console.log(width, language, path, 'overflows by', overflow);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, nodes } of violations) console.log(width, language, path, 'axe', id, nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join('\n    '));
      await page.screenshot({ path: `${folder}/${path.replaceAll(/\W+/g, '_').replace(/^_|_$/g, '') || 'home'}.${width}.${language}.png`, fullPage: process.env.FULL === '1' });
    }
    await context.close();
  }
}
await browser.close();
