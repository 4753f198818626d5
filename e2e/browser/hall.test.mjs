// The wall of a hall, read from ten metres: number and counter together, nothing cut, nothing empty, whatever the size of the
// screen and however many wait.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './lib.mjs';

const SIZES = [[1920, 1080], [1366, 768], [1080, 1920], [3840, 2160]].map(([width, height]) => ({ width, height }));
const COUNTERS = 10;

let house;
let page;
let kiosk;
let clerks;
before(async () => {
  house = await open({ clock: '2026-12-01T09:00:00+01:00' });
  const token = (role, more) => house.token(['--role', role, '--office', 'torun', '--location', 'glowny', ...more]);
  kiosk = await token('kiosk', []);
  clerks = await Promise.all(Array.from({ length: COUNTERS }, (_, at) => token('clerk', ['--counter', String(at + 1)])));
  page = await house.newPage({ viewport: SIZES[0] });
  await page.goto(`${house.base}/hall/torun/glowny`);
});
after(() => house?.close());

const ticket = async (service) => (await house.post('/api/v1/kiosk/tickets', { service }, kiosk)).ticket.number;
const call = async (at) => (await house.post('/api/v1/desk/call-next', {}, clerks[at])).current.ticket;
const settled = () => page.waitForTimeout(400);

/** Whatever stands on the wall stands there whole: in the window, in its own box, and in the box of its list. */
async function whole(when) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.reload();
    await page.locator('[data-hall]').waitFor();
    await settled();
    await house.picture(page, `hall-${when.replace(/\W+/g, '-')}-${size.width}`);
    const name = `${when} at ${size.width}×${size.height}`;
    const faults = await page.evaluate(() => {
      const wrong = [];
      const list = document.querySelector('[data-waiting]').getBoundingClientRect();
      const shown = (row) => row.getBoundingClientRect().left < list.right - 1;
      for (const it of document.querySelectorAll('[data-hall] :is(span, small, p, b, h2, li, div, button)')) {
        if (!it.checkVisibility() || it.textContent.trim() === '' || it.matches('.visually-hidden')) continue;
        const row = it.closest('[data-waiting] li');
        if (row && !shown(row)) continue;
        const box = it.getBoundingClientRect();
        const what = `${it.tagName}.${it.className} ${it.textContent.trim().slice(0, 30)}`;
        const next = it.parentElement.matches('.next') ? it.parentElement.getBoundingClientRect() : null;
        if (next && box.top >= next.bottom - 1) continue;
        if (box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5) wrong.push(`outside: ${what} ${box.bottom}`);
        const { display, overflowY } = getComputedStyle(it);
        const wide = it.scrollWidth > it.clientWidth + 2;
        const tall = overflowY !== 'visible' && it.scrollHeight > it.clientHeight + 2;
        if (display !== 'inline' && !it.matches('.next') && (wide || tall)) wrong.push(`cut: ${what}`);
        if (next && box.bottom > next.bottom + 2) wrong.push(`letters cut: ${what}`);
        if (row && box.bottom > list.bottom + 1) wrong.push(`half a row: ${what}`);
      }
      return wrong;
    });
    assert.deepEqual(faults, [], name);
    const text = await page.locator('[data-hall]').innerText();
    for (const part of ['Urząd Miasta Torunia', 'Urząd Miasta – budynek główny', 'wtorek, 1 grudnia 2026', '09:00']) {
      assert.ok(text.includes(part), `${name}: ${part}`);
    }
    assert.ok((await page.locator('.hall-notices p').allInnerTexts()).every((line) => line.length > 20), name);
  }
  await page.setViewportSize(SIZES[0]);
}

/** Number and counter of the last call: large, and near each other. */
async function together(number, counter) {
  for (const size of SIZES) {
    await page.setViewportSize(size);
    const at = async (name) => {
      const part = page.locator(name);
      return { ...(await part.boundingBox()), size: await part.evaluate((it) => parseFloat(getComputedStyle(it).fontSize)) };
    };
    const [no, arrow, to] = [await at('[data-last-ticket]'), await at('.hall-last .arrow'), await at('[data-last-counter]')];
    const name = `${size.width}×${size.height}`;
    assert.ok(no.size >= size.height * 0.14 - 0.5, `${name}: ${no.size} px is less than 14 vh`);
    assert.ok(to.x - (arrow.x + arrow.width) < no.size && arrow.x + arrow.width <= to.x + 1, `${name}: arrow and counter`);
    const beside = arrow.x - (no.x + no.width) < no.size && Math.abs(arrow.y - no.y) < 2;
    const below = arrow.y - (no.y + no.height) < no.size && arrow.y > no.y;
    assert.ok(beside || below, `${name}: number and arrow ${JSON.stringify([no, arrow])}`);
    const wall = await page.locator('.hall-calls').boundingBox();
    const used = await page.locator('.hall-calls').evaluate((it) => [...it.children].filter((part) => part.checkVisibility()).reduce((sum, part) => sum + part.getBoundingClientRect().height, 0));
    assert.ok(used > wall.height * 0.85, `${name}: ${used} of ${wall.height} px are used`);
  }
  await page.setViewportSize(SIZES[0]);
  assert.equal((await page.locator('[data-last-ticket]').innerText()).trim(), number);
  assert.equal((await page.locator('[data-last-counter]').innerText()).trim(), counter);
}

test('before the first call, the wall says where one is and what to know', async () => {
  await whole('nobody called');
});

test('one call fills the wall', async () => {
  await house.post('/api/v1/desk/open', {}, clerks[2]);
  const number = await ticket('meldunek');
  assert.equal(await call(2), number);
  await page.locator('[data-last-ticket]', { hasText: number }).waitFor();
  await together(number, '3');
  await whole('one call');
});

test('six and twelve calls, ten services, three hundred people', async () => {
  const { categories } = await (await fetch(`${house.base}/api/v1/offices/torun`)).json();
  const services = categories.flatMap((it) => it.services).filter((it) => it.locations.includes('glowny')).map((it) => it.id);
  for (const clerk of clerks) await house.post('/api/v1/desk/open', {}, clerk);
  const able = [];
  for (const service of services) {
    try { await ticket(service); able.push(service); } catch { /* only by booking */ }
  }
  assert.ok(able.length >= 10, `${able.length} services give tickets`);
  const ten = able.slice(0, 10);
  for (let n = 0; n < 40; n += 1) await ticket(ten[n % 10]);
  let last;
  for (const at of [0, 1, 3, 4, 9]) last = [await call(at), String(at + 1)];
  await page.locator('[data-last-ticket]', { hasText: last[0] }).waitFor();
  await together(...last);
  await whole('six calls');
  for (const at of [5, 6, 7, 8]) await call(at);
  await house.post('/api/v1/desk/no-show', {}, clerks[0]);
  await call(0);
  await house.post('/api/v1/desk/finish', {}, clerks[0]);
  for (let n = 0; n < 260; n += 1) await ticket(ten[n % 10]);
  await page.waitForFunction(() => Number(document.querySelector('[data-waiting-total]').textContent) > 280);
  await whole('three hundred');
  // Who waits in a row that does not fit is counted all the same.
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await page.reload();
    await settled();
    const [seen, more, total] = await page.evaluate(() => {
      const list = document.querySelector('[data-waiting]').getBoundingClientRect();
      const rows = [...document.querySelectorAll('[data-waiting] li')].filter((row) => row.getBoundingClientRect().right <= list.right + 1 && row.getBoundingClientRect().bottom <= list.bottom + 1);
      const seen = rows.map((row) => Number(row.querySelector('.count').textContent)).reduce((a, b) => a + b, 0);
      const more = Number(document.querySelector('[data-more]').textContent.match(/\d+/)?.[0] ?? 0);
      return [seen, more, Number(document.querySelector('[data-waiting-total]').textContent)];
    });
    assert.equal(seen + more, total, `${size.width}×${size.height}`);
    assert.ok(seen > total / 2, `${size.width}×${size.height}: ${seen} of ${total}`);
  }
  const ranges = (await page.locator('[data-hall]').innerText()).match(/nowy bilet/g) ?? [];
  assert.ok(ranges.length <= 1, `the wait of a new ticket is said ${ranges.length} times`);
  house.check();
});
