// Wrocław as people see it: the place first, a form whose questions depend on each other, the browser's proof of work, the
// code by SMS and "Aktywuj"; the machine that asks for the right service; reception; the comparison at the counter.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './lib.mjs';
import { DESKTOP, HALL, KIOSK, PHONE, comeIn, follow, makeAccount, openCounter, typeCode } from './people.mjs';
import { PASSPORT, STAY, book } from './wroclaw.mjs';

const OFFICE = 'Wrocław';
const MAIL = 'anna.nowak@example.org';
const REFUSED = [/status of (403|404|409|410|422)/];

let house;
let citizen;
before(async () => {
  house = await open();
  citizen = await house.newPage({ viewport: PHONE });
  await makeAccount(house, citizen, 'wroclaw', MAIL, (name) => house.picture(citizen, `wroclaw-${name}`));
});
after(() => house?.close());

/** A machine on whose menu the matter was chosen. */
async function machine(category, service) {
  const kiosk = await house.newPage({ viewport: KIOSK, expected: REFUSED });
  await comeIn(house, kiosk, OFFICE, 'Automat biletowy', /\/kiosk$/);
  await follow(kiosk, kiosk.locator('a[href="/kiosk/code"]'));
  if (category === 'Paszporty') await house.picture(kiosk, 'wroclaw-14-machine-matter');
  await follow(kiosk, kiosk.locator('a.kiosk-choice', { hasText: category }));
  await follow(kiosk, kiosk.locator('a.kiosk-choice', { hasText: service }));
  return kiosk;
}

test('place first, proof of work, a form that follows the answers, the code and Aktywuj, the machine, the counter', async () => {
  const asked = [];
  citizen.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const shown = (name) => house.picture(citizen, `wroclaw-${name}`);
  const answers = { ...PASSPORT, applicant: 'children', 'children-count': '2' };
  const visit = await book(house, citizen, { service: 'Paszport – złożenie', time: '09:00', answers, document: 'AB 1234567', picture: shown });
  assert.ok(asked.includes('/api/v1/challenge'), 'the browser asked for work');
  assert.ok(asked.some((path) => path.includes('challenge-worker')), 'a worker did it');
  assert.ok(!asked.some((path) => path.endsWith('/book/wait')), 'nobody waited instead');
  await shown('13-visit');
  await citizen.locator('.barcode svg').waitFor();
  // The code for the phone is of no use on the phone itself: it is for paper and large screens.
  assert.equal(await citizen.locator('.qr').isVisible(), false);
  await citizen.setViewportSize(DESKTOP);
  await citizen.locator('.qr svg').first().waitFor();
  await citizen.setViewportSize(PHONE);
  const paper = await house.print(citizen, 'wroclaw-visit');
  assert.equal(paper.pages, 1, 'the confirmation is one sheet, with all rules');

  const clerk = await house.newPage({ viewport: DESKTOP, expected: REFUSED });
  await openCounter(house, clerk, OFFICE, '1');
  const hall = await house.newPage({ viewport: HALL });
  await hall.goto(`${house.base}/hall/wroclaw/wroclaw`);
  await house.clock('PT1H');
  // The wrong matter is named, and one button goes on with the right one.
  const kiosk = await machine('Paszporty', 'Paszport – odbiór');
  await house.picture(kiosk, 'wroclaw-15-machine-code');
  await typeCode(kiosk, visit.code);
  const other = kiosk.locator('button', { hasText: 'to moja sprawa' });
  await other.waitFor();
  assert.match(await kiosk.locator('[role=alert]').innerText(), /Paszport – złożenie wniosku/);
  await house.picture(kiosk, 'wroclaw-16-machine-other-matter');
  await other.click();
  await kiosk.locator('.kiosk-number').waitFor();
  await house.picture(kiosk, 'wroclaw-17-machine-ticket');
  const number = (await kiosk.locator('.kiosk-number').innerText()).trim();
  await clerk.getByText(number).first().waitFor();
  await clerk.keyboard.press('n');
  await hall.locator('[data-last-ticket]', { hasText: number }).waitFor();
  await house.picture(hall, 'wroclaw-18-hall');

  // The confirmation is compared with the person at the counter.
  await clerk.locator('[data-verify="needed"]').waitFor();
  assert.match(await clerk.locator('[data-verify-name]').innerText(), /Anna Nowak/);
  await house.picture(clerk, 'wroclaw-19-desk-compare');
  await clerk.locator('#desk-verify-code').fill(visit.code);
  await clerk.locator('button', { hasText: 'To ta osoba' }).click();
  await clerk.locator('[data-verify="done"]').waitFor();
  await house.picture(clerk, 'wroclaw-20-desk-compared');
  await clerk.locator('h1').first().click();
  await clerk.keyboard.press('s');
  await clerk.locator('[data-desk][data-state="serving"]').waitFor();
  await clerk.keyboard.press('f');
  await clerk.locator('[data-desk][data-state="free"]').waitFor();
  house.check();
});

test('reception finds a visit to LP2 by its code, sees the name and lets the person in', async () => {
  // It is 08:30.
  const visit = await book(house, citizen, { service: 'Oddział LP2 – złożenie', time: '09:30', answers: STAY, document: 'FN 123456' });
  const desk = await house.newPage({ viewport: DESKTOP });
  await comeIn(house, desk, OFFICE, 'Punkt informacyjny', /\/reception$/);
  await house.picture(desk, 'wroclaw-21-reception');
  await desk.locator('[name=code]').fill(visit.code);
  await desk.locator('form[action="/reception"] button').click();
  await desk.locator('.reception-name', { hasText: 'Olena Kowalenko' }).waitFor();
  await house.picture(desk, 'wroclaw-22-reception-person');
  await desk.locator('button', { hasText: 'Przyjmij' }).click();
  await desk.locator('.notice.good').waitFor();
  assert.match(await desk.locator('.notice.good').innerText(), /M\d{3}/);
  await house.picture(desk, 'wroclaw-23-reception-admitted');
  await desk.locator('.office-nav button', { hasText: 'Wyloguj' }).click();
  await desk.waitForURL(/\/sign-in$/);
  house.check();
});

test('the machine takes the code until fifteen minutes before the hour; later reception may, after the hour nobody', async () => {
  const tries = [
    ['10:00', 16, 'PT74M'],
    ['10:30', 15, 'PT31M'],
    ['11:00', 14, 'PT31M', /recepcji/],
    ['11:30', 0, 'PT44M', /recepcji/],
    ['12:00', -1, 'PT31M', /anulowan/i],
  ];
  const visits = [];
  for (const [at, [time]] of tries.entries()) {
    visits.push(await book(house, citizen, { service: 'Paszport – złożenie', time, answers: PASSPORT, document: `CD 123456${at}` }));
  }
  for (const [at, [, minute, forward, refused]] of tries.entries()) {
    await house.clock(forward);
    const kiosk = await machine('Paszporty', 'Paszport – złożenie');
    await typeCode(kiosk, visits[at].code);
    if (refused) {
      await kiosk.locator('[role=alert]:not([hidden])').waitFor();
      assert.match(await kiosk.locator('main').innerText(), refused, `${minute} minutes before`);
      assert.equal(await kiosk.locator('.kiosk-number').count(), 0);
      if (minute === 14) await house.picture(kiosk, 'wroclaw-24-too-late');
    } else {
      await kiosk.locator('.kiosk-number').waitFor();
    }
    await kiosk.context().close();
  }
  await citizen.goto(visits[4].url);
  await house.picture(citizen, 'wroclaw-25-missed');
  house.check();
});
