// What every page must be, whoever opens it: without a violation of axe on a small phone and on a laptop; not wider than
// the window with text twice as large; with targets that a finger hits; with a title that says when something went wrong;
// with names that begin with what is seen; with links of an error summary that lead to fields; and with no class whose
// rules stand in a stylesheet that the page does not bring. Knows no page.

import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SMALL = { width: 360, height: 740 };
const LAPTOP = { width: 1366, height: 768 };
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What "Błąd:" is in the languages of the pages. */
const ERROR = { pl: 'Błąd:', en: 'Error:', uk: 'Помилка:', ru: 'Ошибка:' };
const SHEETS = ['citizen', 'ticket', 'office', 'desk', 'hall', 'kiosk'];

/**
 * Everything that is wrong with the page as it is now, a line each. `finger` is the least size of a target in px, `wide`
 * allows a page that is made for one large screen, and `without` names rules of axe that do not fit what it is.
 */
export async function faultsOf(house, page, name, { finger = 44, wide = false, without = [] } = {}) {
  const found = [];
  const told = (line) => found.push(`${name}: ${line}`);
  if (!(await page.evaluate(() => 'axe' in window))) {
    // The policy of the pages allows no script of others; the one of this test goes round it.
    await page.evaluate(await readFile(AXE, 'utf8'));
  }
  const before = page.viewportSize();
  for (const size of wide ? [before] : [SMALL, LAPTOP]) {
    await page.setViewportSize(size);
    const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
    const { violations } = await page.evaluate(
      ([tags, rules]) => window.axe.run(document, { runOnly: { type: 'tag', values: tags }, rules, resultTypes: ['violations'] }),
      [RULES, rules],
    );
    for (const { id, help, nodes } of violations) {
      told(`${size.width} px: axe ${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
    }
    const over = await tooWide(page);
    if (over) told(`${size.width} px: ${over}`);
  }
  if (!wide) {
    await page.setViewportSize(SMALL);
    for (const line of await page.evaluate(smallTargets, finger)) told(`360 px: ${line}`);
    await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
    const over = await tooWide(page);
    if (over) told(`360 px and text of 200 %: ${over}`);
    await page.evaluate(() => { document.documentElement.style.fontSize = ''; });
  }
  for (const line of await page.evaluate(names)) told(line);
  for (const line of await page.evaluate(titles, ERROR)) told(line);
  for (const line of await page.evaluate(strangeClasses, [SHEETS, await sheets(house)])) told(line);
  await page.setViewportSize(before);
  return found;
}

/** What sticks out of the window, or nothing. */
async function tooWide(page) {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return '';
    const inScroll = (it) => it.parentElement?.closest('.table-scroll');
    const over = [...document.querySelectorAll('body *')].filter((it) => !inScroll(it) && it.getBoundingClientRect().right > room + 1);
    const named = over.slice(-4).map((it) => `${it.tagName.toLowerCase()}.${it.className} "${it.textContent.trim().slice(0, 30)}"`);
    return `${document.documentElement.scrollWidth} px wide: ${named.join(' | ')}`;
  });
}

/** Buttons, fields and links that stand alone and are smaller than a finger. A link within a sentence is as high as its line. */
function smallTargets(finger) {
  const found = [];
  for (const it of document.querySelectorAll('main a[href], header a[href], footer a[href], button, summary, select, input:not([type=hidden])')) {
    if (!it.checkVisibility({ visibilityProperty: true }) || it.closest('.skip-link')) continue;
    let target = it;
    // A box and the words beside it are one target.
    if (it.matches('[type=radio], [type=checkbox]')) target = it.closest('label') ?? it;
    if (it.matches('a')) {
      const block = it.closest('p, li, dd, td, th');
      const words = (node) => node?.textContent.replace(/\s+/g, ' ').trim() ?? '';
      const inText = block && words(block) !== words(it);
      if (inText && getComputedStyle(it).display === 'inline') continue;
    }
    const { width, height } = target.getBoundingClientRect();
    if (width === 0 || height === 0) continue;
    if (height < finger - 0.5 || width < 24) {
      found.push(`target of ${Math.round(width)}×${Math.round(height)} px: ${it.outerHTML.slice(0, 120)}`);
    }
  }
  return found;
}

/** Names given beside what is seen must begin with it (WCAG 2.5.3). */
function names() {
  const plain = (text) => text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim().toLowerCase();
  const found = [];
  for (const it of document.querySelectorAll('button, a[href], summary, [role=button]')) {
    if (!it.checkVisibility()) continue;
    const given = it.getAttribute('aria-label');
    const said = (node, leave) => [...node.childNodes].map((part) => {
      if (part.nodeType === Node.TEXT_NODE) return part.textContent;
      return part.nodeType !== Node.ELEMENT_NODE || part.matches(leave) ? '' : said(part, leave);
    }).join(' ');
    const seen = said(it, '.visually-hidden, [aria-hidden=true]');
    if (!plain(seen)) continue;
    const name = given ?? said(it, '[aria-hidden=true]');
    const first = plain(seen).split(' ')[0];
    if (!plain(name).startsWith(first)) found.push(`the name "${name.trim()}" does not begin with what is seen: "${seen.trim()}"`);
    if (given && !plain(given).includes(plain(seen))) found.push(`the name "${given}" does not hold what is seen: "${seen.trim()}"`);
  }
  return found;
}

/** A page with an error says so first; the links of its summary lead to fields that are there. */
function titles(errors) {
  const found = [];
  const prefix = errors[document.documentElement.lang];
  const summary = document.querySelector('[data-error-summary]');
  const failed = summary || document.querySelector('[data-fault]:not([hidden])');
  if (failed && !document.title.startsWith(`${prefix} `)) found.push(`an error, and the title is "${document.title}"`);
  if (!failed && document.title.startsWith(prefix)) found.push(`no error, and the title is "${document.title}"`);
  for (const link of summary?.querySelectorAll('a[href^="#"]') ?? []) {
    if (!document.getElementById(link.hash.slice(1))) found.push(`the summary leads to ${link.hash}, which is not there`);
  }
  for (const field of document.querySelectorAll('[aria-invalid=true]')) {
    if (!summary?.querySelector(`a[href="#${field.id}"]`)) found.push(`the fault of #${field.id} is in no summary`);
  }
  return found;
}

const read = new Map();
/** Which classes have rules in which sheet, and in the one that all pages bring. */
async function sheets(house) {
  if (read.size === 0) {
    for (const sheet of ['okienko', ...SHEETS]) {
      const text = await (await fetch(`${house.base}/assets/${sheet}.css`)).text();
      const rules = text.replace(/\/\*[^]*?\*\//g, '').replace(/\{[^{}]*\}/g, '{}');
      read.set(sheet, [...new Set([...rules.matchAll(/\.(-?[a-z_][\w-]*)/gi)].map(([, name]) => name))]);
    }
  }
  return Object.fromEntries(read);
}

/** Classes whose rules this page does not bring. */
function strangeClasses([kinds, classes]) {
  const brought = [...document.querySelectorAll('link[rel=stylesheet]')].map((link) => link.href.match(/assets\/([\w-]+)\.css/)[1]);
  const known = new Set(brought.flatMap((sheet) => classes[sheet] ?? []));
  const found = new Set();
  for (const it of document.querySelectorAll('[class]')) {
    for (const name of it.classList) {
      const there = kinds.filter((sheet) => classes[sheet].includes(name));
      if (!known.has(name) && there.length) found.add(`class ${name} has its rules in ${there.join(', ')}.css, which this page does not bring`);
    }
  }
  return [...found];
}
