// Every page of the outside surface in the states that it has, looked at by pages.mjs. What is wrong is told for all pages
// of a test together, with the page's name in front.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './lib.mjs';
import { DAY, DESKTOP, HALL, KIOSK, PHONE, code, comeIn, follow, makeAccount, message, proveWith } from './people.mjs';
import { faultsOf } from './pages.mjs';
import { STAY, book } from './wroclaw.mjs';

/** Statuses that these walks want: forms with mistakes, codes that are wrong, addresses that are not there. */
const WANTED = [/status of (401|403|404|409|410|422)/];
/** Of pages for staff: WCAG's least size of a target. */
const STAFF = { finger: 24 };
/** Made for one screen. */
const SCREEN = { wide: true };

let house;
before(async () => {
  house = await open();
});
after(() => house?.close());

/** Looks at pages as they are walked; `tell` fails with everything that was found. */
function looking(page, of = {}) {
  const found = [];
  return {
    at: async (name, own = {}) => found.push(...(await faultsOf(house, page, name, { ...of, ...own }))),
    tell: () => assert.equal(found.length, 0, `${found.length} faults:\n${found.join('\n')}`),
  };
}

const submit = (page, field) => page.locator(`form:has([name="${field}"]) button[type=submit]`).first().click();

/** From the first step to the form of a held hour. */
async function hold(page, time, look = async () => {}) {
  await page.goto(`${house.base}/torun/book`);
  await look('services');
  await page.locator('a.row', { hasText: 'Zameldowanie' }).click();
  await look('places');
  await page.locator('a.row', { hasText: 'budynek główny' }).click();
  await look('days');
  await page.locator(`button[name=date][value="${DAY}"]`).click();
  await look('hours');
  await page.locator(`button[name=time][value^="${time}"]`).first().click();
  await page.locator('[name=name]').waitFor();
}

/** The page of a visit. */
async function visit(page, time, phone) {
  await hold(page, time);
  await page.locator('[name=name]').fill('Anna Nowak');
  await submit(page, 'name');
  await page.locator('[name=phone]').fill(phone);
  await submit(page, 'phone');
  await page.locator('[name=code]').waitFor();
  await proveWith(page, await code(house, phone));
  await page.waitForURL(/\/visit\//);
}

test('the way to a visit, with its mistakes', async () => {
  const page = await house.newPage({ viewport: PHONE, expected: WANTED });
  const look = looking(page);
  for (const [path, name] of [['/', 'offices'], ['/torun', 'office'], ['/torun?lang=en', 'office in English'], ['/torun?lang=uk', 'office in Ukrainian'], ['/torun?lang=ru', 'office in Russian']]) {
    await page.goto(house.base + path);
    await look.at(name);
  }
  await page.goto(`${house.base}/torun?lang=pl`);
  await page.goto(`${house.base}/torun/book?q=niemaTakiejSprawy`);
  await look.at('services, nothing found');
  await hold(page, '10:00', look.at);
  await look.at('form');
  await submit(page, 'name');
  await page.locator('[data-error-summary]').waitFor();
  await look.at('form left empty');
  await page.locator('[name=name]').fill('Anna Nowak');
  await submit(page, 'name');
  await page.locator('[name=phone]').waitFor();
  await look.at('phone');
  await page.locator('[name=phone]').fill('12');
  await submit(page, 'phone');
  await page.locator('[data-error-summary]').waitFor();
  await look.at('phone, wrong');
  await page.locator('[name=phone]').fill('601 111 222');
  await submit(page, 'phone');
  await page.locator('[name=code]').waitFor();
  await look.at('code');
  assert.equal(await page.locator('button[data-wait]').isDisabled(), true, 'what must wait does not look active');
  const right = await code(house, '+48601111222');
  const wrong = right === '000000' ? '000001' : '000000';
  await proveWith(page, wrong);
  await page.locator('[data-error-summary]').waitFor();
  assert.match(await page.locator('[data-error-summary]').innerText(), /Kod się nie zgadza/);
  await look.at('code, wrong');
  await proveWith(page, right);
  await page.waitForURL(/\/visit\//);
  await look.at('visit');
  await page.locator('details[data-fold] summary').first().click();
  await look.at('visit, unfolded');
  await page.locator('a[href$="/cancel"]').click();
  await look.at('cancelling');
  const ticket = await page.evaluate(async (path) => (await (await fetch(path)).text()).match(/\/t\/[\w-]+/)[0], page.url().replace(/\/cancel$/, ''));
  await page.goto(house.base + ticket);
  await look.at('e-ticket before the hour');
  await page.goBack();
  await page.locator('main button', { hasText: 'Tak, odwołaj wizytę' }).click();
  await page.getByRole('heading', { name: 'Wizyta odwołana' }).waitFor();
  await look.at('visit, cancelled');
  await page.goto(house.base + ticket);
  await page.getByText('Ta wizyta jest odwołana').waitFor();
  assert.equal(await page.getByText('opuścił kolejkę').isVisible(), false);
  await look.at('e-ticket, cancelled');
  for (const [path, name] of [['/gdzies', 'not there'], ['/torun/visit/nie-ma', 'no such visit'], ['/t/nie-ma', 'no such ticket'], ['/torun/book/hold/nie-ma', 'no such hold'], ['/wroclaw/rules', 'rules']]) {
    await page.goto(house.base + path);
    await look.at(name);
  }
  look.tell();
  house.check();
});

test('on a small phone the first screen of a visit says when, where, number and what to do', async () => {
  const page = await house.newPage({ viewport: { width: 360, height: 640 } });
  await visit(page, '10:30', '+48602111222');
  const below = await page.evaluate(() => {
    const seen = (what, it) => [what, Math.round(it.getBoundingClientRect().bottom)];
    const parts = { when: '.when', where: '.where', number: '.big-number', 'what to do': '.to-do' };
    return Object.entries(parts).map(([what, at]) => seen(what, document.querySelector(at))).filter(([, end]) => end > innerHeight);
  });
  assert.deepEqual(below, [], 'below the first screen');
  assert.equal(await page.locator('.qr').isVisible(), false, 'the code for the phone is not on the phone');
  assert.equal(await page.locator('[data-print]').isVisible(), false);
  assert.match(await page.locator('.actions .button').first().innerText(), /Bilet w telefonie/);
  const size = (at) => page.locator(at).evaluate((it) => parseFloat(getComputedStyle(it).fontSize));
  assert.ok((await size('.small-number')) < (await size('.big-number')), 'a code that is not needed is not larger than the number');
  assert.equal(await page.locator('details[data-fold][open]').count(), 0, 'the rest is folded');
  await page.setViewportSize(DESKTOP);
  assert.equal(await page.locator('.qr').isVisible(), true);
  house.check();
});

test('the account: made, signed in, and the doors that stay shut', async () => {
  const page = await house.newPage({ viewport: PHONE, expected: WANTED });
  const look = looking(page);
  await page.goto(`${house.base}/kalisz/account/new`);
  await look.at('new account');
  await submit(page, 'email');
  await page.locator('[data-error-summary]').waitFor();
  await look.at('new account, left empty');
  await page.goto(`${house.base}/kalisz/account`);
  await look.at('sign-in');
  await page.locator('[name=email]').fill('nikt@example.org');
  await page.locator('[name=password]').fill('nie-to-haslo-1');
  await page.locator('main form:has([name=password]) button[type=submit]').click();
  await page.locator('[data-error-summary]').waitFor();
  await look.at('sign-in, refused');
  await page.goto(`${house.base}/kalisz/account/reset`);
  await look.at('forgotten password');
  await makeAccount(house, page, 'kalisz', 'ewa@example.org');
  await look.at('own account, empty');
  await page.goto(`${house.base}/kalisz/book`);
  await page.locator('a.row', { hasText: 'Rejestracja pojazdu używanego' }).click();
  await page.locator(`button[name=date][value="${DAY}"]`).click();
  await look.at('hours of Kalisz');
  await page.locator('button[name=time][value^="09:30"]').first().click();
  await look.at('the last press');
  await page.locator('button', { hasText: /^OK$/ }).click();
  await page.waitForURL(/\/visit\//);
  assert.match(await page.locator('.to-do').innerText(), /Przyjdź między 09:15 a 09:25/);
  await look.at('visit of Kalisz');
  await page.goto(`${house.base}/kalisz/account`);
  await look.at('own account, with a visit');
  look.tell();
  house.check();
});

test('machine, desk, reception, hall and counter', async () => {
  const kiosk = await house.newPage({ viewport: KIOSK, expected: WANTED });
  const machine = looking(kiosk, SCREEN);
  await comeIn(house, kiosk, 'Torunia', 'Automat biletowy', /\/kiosk$/);
  await machine.at('machine');
  await follow(kiosk, kiosk.locator('a[href^="/kiosk/services"]'));
  await machine.at('machine, services');
  await kiosk.goto(`${house.base}/kiosk/code`);
  await machine.at('machine, code');
  for (const digit of '00000000') await kiosk.locator(`[data-digit="${digit}"]`).click();
  await kiosk.locator('[data-keypad] button[type=submit]').click();
  await kiosk.locator('[role=alert]:not([hidden])').first().waitFor();
  await machine.at('machine, wrong code');

  await kiosk.goto(`${house.base}/kiosk/services`);
  await kiosk.locator('a.kiosk-choice', { hasText: 'Dowody i meldunek' }).click();
  await kiosk.locator('button.kiosk-choice', { hasText: 'meldowan' }).first().click();
  await kiosk.locator('.kiosk-number').waitFor();
  await machine.at('machine, ticket');

  const desk = await house.newPage({ viewport: { width: 1366, height: 768 }, expected: WANTED });
  const clerk = looking(desk, SCREEN);
  await comeIn(house, desk, 'Torunia', 'Okienko 3', /\/desk$/);
  await desk.locator('[data-desk][data-state="closed"]').waitFor();
  await clerk.at('desk, closed');
  await desk.keyboard.press('o');
  await desk.locator('[data-desk][data-state="free"]').waitFor();
  const hall = await house.newPage({ viewport: HALL });
  await hall.goto(`${house.base}/hall/torun/glowny`);
  await hall.locator('main').waitFor();
  const board = looking(hall, SCREEN);
  await board.at('hall, nobody called');
  const counter = await house.newPage({ viewport: HALL });
  await counter.goto(`${house.base}/counter/torun/glowny/3`);
  const over = looking(counter, SCREEN);
  await over.at('counter, free');
  await clerk.at('desk, free');
  await desk.keyboard.press('n');
  await desk.locator('[data-desk][data-state="called"]').waitFor();
  await clerk.at('desk, called');
  await board.at('hall, one call');
  await counter.getByText(/^[A-Z]\d{3}$/).first().waitFor();
  await over.at('counter, called');
  await desk.keyboard.press('s');
  await desk.locator('[data-desk][data-state="serving"]').waitFor();
  await clerk.at('desk, serving');
  await desk.keyboard.press('t');
  await clerk.at('desk, where to transfer');
  const reception = await house.newPage({ viewport: DESKTOP, expected: WANTED });
  const front = looking(reception, STAFF);
  await comeIn(house, reception, 'Wrocław', 'Punkt informacyjny', /\/reception$/);
  await front.at('reception');
  await reception.locator('[name=code]').fill('1');
  await reception.locator('form[action="/reception"] button').click();
  await front.at('reception, wrong code');
  const citizen = await house.newPage({ viewport: PHONE, expected: WANTED });
  await makeAccount(house, citizen, 'wroclaw', 'olena@example.org');
  const visit = await book(house, citizen, { service: 'Oddział LP2 – złożenie', time: '09:30', answers: STAY, document: 'FN 123456' });
  await reception.locator('[name=code]').fill(visit.code);
  await reception.locator('form[action="/reception"] button').click();
  await reception.locator('.reception-name', { hasText: 'Olena Kowalenko' }).waitFor();
  await front.at('reception, found');
  for (const each of [machine, clerk, board, over, front]) each.tell();
  house.check();
});

test('an e-ticket from the waiting to the end, with its form', async () => {
  const page = await house.newPage({ viewport: PHONE, expected: WANTED });
  await visit(page, '08:00', '+48603111222');
  const path = await page.locator('a[href^="/t/"]').first().getAttribute('href');
  await house.clock('PT31M');
  const look = looking(page);
  await page.goto(house.base + path);
  await page.locator('[data-ticket][data-state="waiting"]').waitFor();
  await look.at('e-ticket, waiting');
  // One touch, and the number is shown nowhere.
  await page.locator('button', { hasText: 'na numer z rezerwacji' }).click();
  await page.locator('.ticket-notify .notice.good').waitFor();
  assert.doesNotMatch(await page.content(), /603\D{0,3}111|\*{3}\s*222/, 'the phone is shown to nobody');
  await look.at('e-ticket, to be told');
  await page.locator('.ticket-notify [name=phone]').fill('12');
  await page.locator('.ticket-notify [name=ahead_min]').fill('99');
  await submit(page, 'phone');
  await page.locator('[data-error-summary]').waitFor();
  await look.at('e-ticket, wrong phone');
  await page.goto(`${house.base}${path}?leave=1`);
  await look.at('leaving the queue');
  await page.locator('main button', { hasText: 'Tak, wychodzę' }).click();
  await page.locator('[data-ticket][data-state="left"]').waitFor();
  await look.at('e-ticket, left');
  look.tell();
  house.check();
});

test('the pages of the office', async () => {
  await visit(await house.newPage({ viewport: PHONE }), '11:00', '+48604111222');
  const page = await house.newPage({ viewport: DESKTOP, expected: WANTED });
  const look = looking(page, STAFF);
  await page.goto(`${house.base}/sign-in`);
  await look.at('sign-in of staff');
  await page.locator('[name=login]').fill('nikt');
  await page.locator('[name=password]').fill('nie-to-haslo-1');
  await submit(page, 'password');
  await page.locator('[data-error-summary]').waitFor();
  await look.at('sign-in of staff, refused');
  await comeIn(house, page, 'Torunia', 'Administrator', /\/admin$/);
  await look.at('day');
  await page.goto(`${house.base}/admin?date=2026-12-06`);
  assert.match(await page.locator('main').innerText(), /W tym dniu urząd nie przyjmuje/);
  await look.at('closed day');
  await page.goto(`${house.base}/admin?date=${DAY}`);
  await page.locator('table a[href^="/admin/reservations/"]').last().click();
  await page.locator('#questions').waitFor();
  await look.at('reservation');
  const reservation = page.url();
  await page.goto(`${reservation}/remove`);
  await look.at('removing');
  await page.locator('main form button[type=submit]').first().click();
  await page.locator('[data-error-summary]').waitFor();
  await look.at('removing, without a reason');
  for (const [path, name] of [['/admin/suspicious', 'suspicious'], ['/admin/messages', 'messages'], ['/admin/staff', 'people'], ['/admin/access', 'access log']]) {
    await page.goto(house.base + path);
    await look.at(name);
  }
  const log = await page.locator('main table').innerText();
  assert.ok(!/\b(ok|reservations\.list|access\.look|staff\.list)\b/.test(log), `words for machines: ${log.slice(0, 400)}`);
  assert.match(log, /lista rezerwacji/);
  await page.goto(`${house.base}/admin/access?day=wczoraj`);
  await look.at('access log, wrong day');
  await page.goto(`${house.base}/admin/staff`);
  await page.locator('form[action="/admin/staff"] button[type=submit]').click();
  await page.locator('[data-error-summary]').waitFor();
  await look.at('people, form left empty');
  const operator = await house.newPage({ viewport: DESKTOP, token: await house.token(['--role', 'operator', '--office', '*']) });
  await operator.goto(`${house.base}/ops`);
  const ops = looking(operator, STAFF);
  await ops.at('operations');
  for (const each of [look, ops]) each.tell();
  house.check();
});

test('who is away from a page of the staff is warned, then covered with it, and finds it as it was', async () => {
  const page = await house.newPage({ viewport: DESKTOP, expected: WANTED });
  const look = looking(page, STAFF);
  await comeIn(house, page, 'Torunia', 'Administrator', /\/admin$/);
  await page.locator('[name=q]').fill('Kowal');
  // The hour of sign-in is the machine's and cannot be moved from here: what the server says after it (its own tests show
  // that it does) is said in its place, once to each question.
  const says = [];
  await page.route('**/sign-in/here', (route) => (says.length ? route.fulfill(says.shift()) : route.continue()));
  const returned = () => page.evaluate(() => dispatchEvent(new Event('focus')));
  const [soon, locked] = [page.locator('[data-here-soon]'), page.locator('[data-here-locked]')];
  const first = page.waitForResponse('**/sign-in/here');
  await returned();
  await first;
  assert.equal(await soon.isVisible(), false);
  says.push({ json: { left_s: 100 } });
  await returned();
  await soon.waitFor();
  await look.at('soon away');
  await soon.locator('button').click();
  await soon.waitFor({ state: 'hidden' });
  says.push({ status: 403, json: {} });
  await returned();
  await locked.waitFor();
  await look.at('away');
  await page.keyboard.press('Escape');
  assert.equal(await locked.isVisible(), true, 'a key does not uncover it');
  const [other] = await Promise.all([page.context().waitForEvent('page'), locked.locator('a').click()]);
  await other.waitForLoadState();
  await comeIn(house, other, 'Torunia', 'Administrator', /\/admin$/);
  await returned();
  await locked.waitFor({ state: 'hidden' });
  assert.equal(await page.locator('[name=q]').inputValue(), 'Kowal', 'what was typed is still there');
  look.tell();
  house.check();
});
