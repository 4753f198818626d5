// The clerk's desk under a hundred visitors: buttons that stay where they are, keys that mean what they say, a choice before
// anything is sent on, and everything that can be taken back.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { open } from './lib.mjs';
import { comeIn } from './people.mjs';

const SIZES = [[1366, 768], [1920, 1080], [1280, 800], [1024, 768], [1093, 614], [1093, 570]].map(([width, height]) => ({ width, height }));
const SERVICES = ['meldunek', 'dowod-wniosek', 'rejestracja-pojazdu'];

let house;
let page;
let kiosk;
let clerk;
before(async () => {
  house = await open({ clock: '2026-12-01T09:00:00+01:00' });
  kiosk = await house.token(['--role', 'kiosk', '--office', 'torun', '--location', 'glowny']);
  clerk = await house.token(['--role', 'clerk', '--office', 'torun', '--location', 'glowny', '--counter', '3']);
  // What is refused in words is no fault of the page.
  page = await house.newPage({ viewport: SIZES[0], expected: [/status of 409/] });
  await comeIn(house, page, 'Torunia', 'Okienko 3', /\/desk$/);
});
after(() => house?.close());

const act = (name, body = {}, token = clerk) => house.post(`/api/v1/desk/${name}`, body, token).catch((fault) => {
  if (!/SyntaxError|JSON|409/.test(String(fault))) throw fault;
});
const ticket = async (service = SERVICES[0]) => (await house.post('/api/v1/kiosk/tickets', { service }, kiosk)).ticket.number;
const state = (name) => page.locator(`[data-desk][data-state="${name}"]`).waitFor();
const said = () => page.locator('[data-said]').innerText();
const tell = (words) => page.locator('[data-said]', { hasText: words }).waitFor();
const looked = () => page.waitForResponse((answer) => answer.url().endsWith('/api/v1/desk') && answer.request().method() === 'GET');

/** A free counter with at least two people waiting, and nothing focused. */
beforeEach(async () => {
  await act('finish');
  for (let tries = 0; tries < 5; tries += 1) {
    const desk = await (await fetch(`${house.base}/api/v1/desk`, { headers: { Authorization: `Bearer ${clerk}` } })).json();
    if (desk.state === 'called' || desk.state === 'serving') await act('finish');
    else if (desk.state !== 'free') await act('open');
    else break;
  }
  await ticket();
  await ticket(SERVICES[1]);
  await page.setViewportSize(SIZES[0]);
  await page.reload();
  await state('free');
  await looked();
});

test('keys act for the desk alone, and whoever is on a button, a field or a list means that', async () => {
  // What has the focus, what is pressed, what state follows.
  const rows = [
    ['body', 'Space', 'called'],
    ['body', 'n', 'called'],
    ['body', 'N', 'called'],
    ['[data-act=pause] button', 'Space', 'paused'],
    ['[data-act=pause] button', 'Enter', 'paused'],
    ['[data-act=close] button', 'Space', 'closed'],
    ['[data-act=undo] button', 'Space', 'free'],
    ['[data-act=recall] button', 'Space', 'free'],
    ['[data-act=recall] button', 'n', 'free'],
    ['[data-act=call-next] button', 'Space', 'called'],
    ['[data-act=call-next] button', 'Enter', 'called'],
    ['[data-keys-open]', 'n', 'free'],
    ['[data-search]', 'n', 'free'],
    ['[data-search]', 'Space', 'free'],
    ['[data-search]', 'Enter', 'free'],
    ['[data-transfer] summary', 'Space', 'free'],
    ['[data-transfer] summary', 'n', 'free'],
    ['[data-list=waiting] button', 'Space', 'called'],
    ['[data-list=waiting] button', 'n', 'free'],
    ['[data-side]', 'n', 'free'],
    ['[data-side]', 'Space', 'free'],
    ['body', 'Control+z', 'free'],
    ['body', 'Alt+n', 'free'],
    ['body', 'Meta+z', 'free'],
    ['body', 'AltGraph', 'free'],
    ['body', 's', 'free'],
  ];
  for (const [focus, key, wanted] of rows) {
    await act('open');
    await state('free');
    await page.evaluate(() => document.activeElement.blur());
    if (focus !== 'body') await page.locator(focus).first().focus();
    await page.keyboard.press(key);
    if (wanted === 'free') await page.waitForTimeout(200);
    else await state(wanted);
    assert.equal(await page.locator('[data-desk]').getAttribute('data-state'), wanted, `${key} on ${focus}`);
    await page.evaluate(() => { document.querySelector('[data-search]').value = ''; document.querySelector('dialog').close(); });
    if (wanted === 'called') { await act('finish'); await ticket(); }
    if (wanted !== 'free') await act('open');
  }
  house.check();
});

test('single keys can be switched off, for this clerk and no other', async () => {
  const on = () => page.locator('[data-desk]').getAttribute('data-shortcuts');
  assert.equal(await on(), 'on');
  await page.keyboard.press('?');
  await page.locator('dialog[open] [data-keys-switch]').uncheck();
  await page.locator('dialog[open] button[type=submit]').click();
  await page.reload();
  await state('free');
  assert.equal(await on(), 'off', 'kept');
  for (const key of ['n', 'Space', 'o', '/', '?', 't', 'z']) {
    await page.keyboard.press(key);
    assert.equal(await page.evaluate(() => document.activeElement === document.body && !document.querySelector('dialog[open]')), true, key);
  }
  await looked();
  assert.equal(await page.locator('[data-desk]').getAttribute('data-state'), 'free');
  assert.equal(await page.locator('.desk-now kbd:visible').count(), 0, 'no key is shown that does nothing');
  await page.locator('[data-act=call-next] button').click();
  await tell('Można cofnąć');
  await act('finish');
  // Somebody else at the same computer has their keys.
  const other = await house.token(['--role', 'clerk', '--office', 'torun', '--location', 'glowny', '--counter', '4']);
  await page.setExtraHTTPHeaders({ Authorization: `Bearer ${other}` });
  await page.reload();
  assert.equal(await on(), 'on');
  await page.setExtraHTTPHeaders({});
  await page.reload();
  assert.equal(await on(), 'off');
  await page.locator('[data-keys-open]').click();
  await page.locator('dialog[open] [data-keys-switch]').check();
  await page.locator('dialog[open] button[type=submit]').click();
  assert.equal(await on(), 'on');
  house.check();
});

test('a transfer is chosen before it is sent, and taken back', async () => {
  await page.keyboard.press('n');
  await state('called');
  const number = (await page.locator('[data-number]').innerText()).trim();
  const posts = [];
  page.on('request', (request) => { if (request.method() === 'POST') posts.push(request.url()); });
  await page.keyboard.press('t');
  await page.locator('[data-transfer][open]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'desk-transfer');
  await looked();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'desk-transfer', 'what comes meanwhile leaves the choice alone');
  await page.keyboard.press('Enter');
  await page.locator('[data-transfer-said]', { hasText: 'Wybierz sprawę albo stanowisko' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('[data-transfer][open]').count(), 0);
  assert.deepEqual(posts, [], 'nothing was sent');
  await state('called');

  await page.keyboard.press('t');
  await page.locator('#desk-transfer').selectOption('rejestracja-pojazdu');
  await page.locator('#desk-transfer').press('Enter');
  await state('free');
  assert.match(await said(), new RegExp(`${number} → Rejestracja pojazdu\\. Cofnij: Z`));
  await page.keyboard.press('z');
  await state('called');
  assert.equal((await page.locator('[data-number]').innerText()).trim(), number);
  assert.match(await page.locator('[data-about]').innerText(), /^Zameldowanie/, 'with the matter that it had');
  page.removeAllListeners('request');
  house.check();
});

test('who is set aside stands in a list of their own and comes back by one key', async () => {
  await page.keyboard.press('n');
  await state('called');
  const number = (await page.locator('[data-number]').innerText()).trim();
  assert.equal(await page.locator('[data-act=park] button').getAttribute('aria-disabled'), 'true', 'only who is served is set aside');
  await page.keyboard.press('s');
  await state('serving');
  assert.match(await page.locator('[data-since]').innerText(), /od 09:00 · 0 min/);
  await page.keyboard.press('p');
  await state('free');
  await page.locator('[data-part=parked]', { hasText: number }).waitFor();
  assert.equal(await page.locator('[data-part=parked] h2').innerText().then((text) => text.replace(/\s+/g, ' ')), 'Odłożeni 1');
  assert.equal(await page.locator('[data-part=absent]').isVisible(), false, 'nobody is blamed for being set aside');
  assert.match(await said(), new RegExp(`${number} odłożony\\. Cofnij: Z`));
  await page.keyboard.press('z');
  await state('serving');
  await page.locator('[data-part=parked]').waitFor({ state: 'hidden' });
  await page.keyboard.press('f');
  await state('free');
  house.check();
});

test('what is drawn anew leaves the focus where it is', async () => {
  const row = page.locator('[data-list=waiting] li').nth(1);
  const number = (await row.locator('.number').innerText()).trim();
  await row.locator('button').focus();
  await ticket();
  await looked();
  await looked();
  const focused = () => page.evaluate(() => document.activeElement.closest('li')?.querySelector('.number').textContent ?? document.activeElement.tagName);
  assert.equal(await focused(), number);
  // Another counter calls them: whoever was on this row is on the next one, not at the top of the page.
  const other = await house.token(['--role', 'clerk', '--office', 'torun', '--location', 'glowny', '--counter', '5']);
  await act('open', {}, other);
  await act('call', { ticket: number }, other);
  await page.locator('[data-list=waiting] .number', { hasText: number }).waitFor({ state: 'detached' });
  assert.match(await focused(), /^[A-Z]\d{3}$/);
  await act('finish', {}, other);
  await act('close', {}, other);
  // A button that is of no use any more keeps it too, and says why it does nothing.
  await page.locator('[data-act=pause] button').focus();
  await act('call-next');
  await state('called');
  assert.equal(await page.evaluate(() => document.activeElement.closest('form')?.dataset.act), 'pause');
  await page.keyboard.press('Space');
  await tell('Teraz nie można: Przerwa');
  house.check();
});

test('a lost line is said over the whole window, and nothing moves for it', async () => {
  const box = () => page.locator('[data-act=call-next] button').boundingBox();
  const before = await box();
  await page.route('**/api/v1/desk', (route) => route.abort());
  house.faults.length = 0;
  await page.locator('[data-bar]:not([hidden])').waitFor();
  const strip = await page.locator('[data-bar]').boundingBox();
  assert.deepEqual([strip.x, strip.y, strip.width], [0, 0, SIZES[0].width]);
  assert.deepEqual(await box(), before);
  await page.unroute('**/api/v1/desk');
  await page.locator('[data-bar]').waitFor({ state: 'hidden' });
  house.faults.length = 0;
});

test('a click into the list takes no key away, and on a button a key says where it works', async () => {
  await page.locator('[data-list=waiting] li .about').first().click();
  await page.keyboard.press('n');
  await state('called');
  await act('finish');
  await state('free');
  await page.locator('[data-act=pause] button').focus();
  await page.keyboard.press('n');
  await tell('Naciśnij Esc');
  await page.keyboard.press('Escape');
  await page.keyboard.press('n');
  await state('called');
  house.check();
});

test('a number that is searched for is seen, and Enter calls it', async () => {
  for (let more = 0; more < 20; more += 1) await ticket();
  const last = await ticket(SERVICES[2]);
  await ticket(SERVICES[2]);
  await page.locator('[data-search]').waitFor();
  await looked();
  await page.keyboard.press('/');
  await page.keyboard.type(last);
  const row = page.locator('.desk-side li:visible', { hasText: last }).first();
  await row.waitFor();
  assert.ok(await row.evaluate((it) => { const { top, bottom } = it.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight; }), 'it is in sight');
  await page.keyboard.press('Enter');
  await page.locator('[data-number]', { hasText: last }).waitFor();
  // The next search begins anew, and a number is not called because another begins with it.
  assert.equal(await page.locator('[data-search]').inputValue(), '');
  await act('finish');
  await state('free');
  await page.keyboard.press('/');
  await page.keyboard.type('A0');
  await page.keyboard.press('Enter');
  await page.waitForTimeout(300);
  assert.equal(await page.locator('[data-desk]').getAttribute('data-state'), 'free');
  house.check();
});

test('who comes back at the end of a visit is said before it ends, and the end can be taken back', async () => {
  await page.keyboard.press('n');
  await state('called');
  const absent = (await page.locator('[data-number]').innerText()).trim();
  await page.keyboard.press('a');
  await state('free');
  await page.keyboard.press('n');
  await state('called');
  const served = (await page.locator('[data-number]').innerText()).trim();
  await page.keyboard.press('s');
  await state('serving');
  await page.locator('[data-then]', { hasText: absent }).waitFor();
  await page.keyboard.press('f');
  await page.locator('[data-number]', { hasText: absent }).waitFor();
  await tell('Cofnij: Z');
  await page.keyboard.press('z');
  await tell(`Cofnięto: ${absent}`);
  await page.keyboard.press('z');
  await page.locator('[data-number]', { hasText: served }).waitFor();
  await state('serving');
  house.check();
});

// Last, because it fills the hall.
test('the buttons stand where they stood, with nobody waiting and with three hundred', async () => {
  const boxes = () => page.evaluate(() => [...document.querySelectorAll('.desk-actions .act, [data-number]')]
    .filter((it) => it.checkVisibility() && !it.closest('.desk-transfer form'))
    .map((it) => { const { x, y, width, height } = it.getBoundingClientRect(); return { what: it.textContent.trim().slice(0, 20), x, y, width, height }; }));
  const places = new Map();
  const measure = async (when) => {
    for (const size of SIZES) {
      await page.setViewportSize(size);
      const name = `${size.width}×${size.height}`;
      const now = (await boxes()).map(({ what, ...box }) => (/^[A-Z]\d|Nikogo/.test(what) ? null : box)).filter(Boolean);
      for (const box of now) {
        const inside = box.y >= 0 && box.y + box.height <= size.height && box.x >= 0 && box.x + box.width <= size.width;
        assert.ok(inside && box.height >= 44, `${name}, ${when}: ${JSON.stringify(box)}`);
      }
      const first = places.get(name) ?? places.set(name, now).get(name);
      assert.deepEqual(now, first, `${name}, ${when}`);
      // The one who is called is seen whole, also on a laptop whose letters are a quarter larger.
      const cut = await page.evaluate(() => {
        const room = document.querySelector('.desk-current').getBoundingClientRect();
        return [...document.querySelectorAll('[data-number], [data-about], [data-since], [data-then]')]
          .filter((it) => it.textContent && it.getBoundingClientRect().bottom > room.bottom + 1).map((it) => it.textContent);
      });
      assert.deepEqual(cut, [], `${name}, ${when}: cut off`);
      const [tall, top] = await page.evaluate(() => [document.documentElement.scrollHeight, document.scrollingElement.scrollTop]);
      assert.ok(tall <= size.height && top === 0, `${name}, ${when}: the page is ${tall} px`);
    }
  };
  for (;;) {
    const desk = await (await fetch(`${house.base}/api/v1/desk`, { headers: { Authorization: `Bearer ${clerk}` } })).json();
    if (desk.state === 'free' && desk.waiting.length === 0) break;
    await act(desk.state === 'free' ? 'call-next' : 'finish');
  }
  await page.locator('[data-waiting-none]:not([hidden])').waitFor();
  await measure('nobody waits');
  let waiting = 0;
  for (const many of [8, 22, 300]) {
    for (; waiting < many; waiting += 1) await ticket(SERVICES[waiting % 3]);
    await page.locator('[data-waiting-count]', { hasText: new RegExp(`^${many}$`) }).waitFor();
    await measure(`${many} wait`);
  }
  assert.match(await page.locator('[data-rest]').innerText(), /280/);
  const scrolls = await page.evaluate(() => { const side = document.querySelector('[data-side]'); side.scrollTop = 9999; return side.scrollTop > 0; });
  assert.ok(scrolls, 'the right column scrolls alone');
  await page.keyboard.press('n');
  await state('called');
  await measure('somebody is called');
  await page.keyboard.press('s');
  await state('serving');
  await measure('somebody is served');
  house.check();
});
