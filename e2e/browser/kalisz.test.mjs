// Kalisz as people see it: an account by mail, a visit that the account proves, the confirmation to print, its activation
// at the machine in the fifteen minutes before the hour, the call.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './lib.mjs';
import { DAY, DESKTOP, HALL, KIOSK, PHONE, comeIn, makeAccount, message, openCounter, typeCode, visitOf } from './people.mjs';

const OFFICE = 'Kalisz';
const MAIL = 'jan.kowalski@example.org';

let house;
let citizen;
before(async () => {
  house = await open();
  citizen = await house.newPage({ viewport: PHONE });
  await makeAccount(house, citizen, 'kalisz', MAIL, (name) => house.picture(citizen, `kalisz-${name}`));
});
after(() => house?.close());

/** From the account's page to the page of the visit. */
async function book(page, { service, time, picture = async () => {} }) {
  await page.goto(`${house.base}/kalisz/book`);
  await picture('7-service');
  await page.locator('a.row', { hasText: service }).click();
  await page.locator(`button[name=date][value="${DAY}"]`).click();
  await picture('8-hour');
  await page.locator(`button[name=time][value^="${time}"]`).first().click();
  await picture('9-ok');
  await page.locator('button', { hasText: /^OK$/ }).click();
  await page.waitForURL(/\/kalisz\/visit\//);
  return visitOf(page);
}

async function atMachine(digits) {
  const kiosk = await house.newPage({ viewport: KIOSK, expected: [/status of (403|404|409|410|422)/] });
  await comeIn(house, kiosk, OFFICE, 'Automat biletowy', /\/kiosk$/);
  await kiosk.locator('a', { hasText: 'Aktywacja rezerwacji internetowej' }).click();
  await typeCode(kiosk, digits);
  return kiosk;
}

test('the account books with OK, the confirmation has barcode and code, its page and its print', async () => {
  const shown = (name) => house.picture(citizen, `kalisz-${name}`);
  await citizen.goto(`${house.base}/kalisz/book`);
  for (const category of ['Rejestracja', 'Wyrejestrowanie / Zgłoszenie sprzedaży']) {
    await citizen.getByRole('heading', { name: category, exact: true }).waitFor();
  }
  const visit = await book(citizen, { service: 'Rejestracja pojazdu używanego', time: '08:30', picture: shown });
  await shown('10-visit');
  await citizen.locator('.barcode svg').waitFor();
  // The code for the phone is of no use on the phone itself: it is for paper and large screens.
  assert.equal(await citizen.locator('.qr').isVisible(), false);
  await citizen.setViewportSize(DESKTOP);
  await citizen.locator('.qr svg').first().waitFor();
  await citizen.setViewportSize(PHONE);
  const mail = await message(house, MAIL, 2);
  assert.ok(mail.text.replace(/\D/g, '').includes(visit.code), mail.text);
  const paper = await house.print(citizen, 'kalisz-visit');
  assert.equal(paper.pages, 1, 'the confirmation is one sheet');
  await citizen.goto(`${house.base}/kalisz/account`);
  await shown('11-account');
  assert.match(await citizen.locator('main').innerText(), /wtorek, 1 grudnia 2026/);

  const clerk = await house.newPage({ viewport: DESKTOP });
  await openCounter(house, clerk, OFFICE, '1');
  const hall = await house.newPage({ viewport: HALL });
  await hall.goto(`${house.base}/hall/kalisz/komunikacja`);
  await house.clock('PT45M');
  const first = await house.newPage({ viewport: KIOSK });
  await comeIn(house, first, OFFICE, 'Automat biletowy', /\/kiosk$/);
  await house.picture(first, 'kalisz-12-machine');
  await first.locator('a', { hasText: 'Aktywacja rezerwacji internetowej' }).click();
  await typeCode(first, visit.code);
  await first.locator('.kiosk-number').waitFor();
  await house.picture(first, 'kalisz-13-ticket');
  const number = (await first.locator('.kiosk-number').innerText()).trim();
  assert.match(number, /^R\d{3}$/);
  await clerk.getByText(number).first().waitFor();
  await clerk.keyboard.press('n');
  await hall.locator('[data-last-ticket]', { hasText: number }).waitFor();
  await clerk.locator('[data-desk][data-state="called"]').waitFor();
  await house.picture(hall, 'kalisz-14-hall');
  await house.picture(clerk, 'kalisz-15-desk');
  await clerk.keyboard.press('s');
  await clerk.locator('[data-desk][data-state="serving"]').waitFor();
  await clerk.keyboard.press('f');
  await clerk.locator('[data-desk][data-state="free"]').waitFor();
  house.check();
});

test('the machine takes the code from fifteen minutes before the hour until the hour, and says what is when it does not', async () => {
  // It is 08:15. One visit for each minute that is tried, all booked before the clock moves.
  const hours = ['09:10', '09:30', '09:50', '10:10', '10:30'];
  const visits = [];
  for (const time of hours) visits.push(await book(citizen, { service: 'Rejestracja nowego', time }));
  // Minutes before the hour, how far the clock goes, what the machine says; without words it gives a ticket.
  const tries = [
    [16, 'PT39M', /od 08:55/],
    [15, 'PT21M'],
    [14, 'PT21M'],
    [0, 'PT34M'],
    [-1, 'PT21M', /anulowan/i],
  ];
  for (const [at, [minute, forward, refused]] of tries.entries()) {
    await house.clock(forward);
    const kiosk = await atMachine(visits[at].code);
    if (refused) {
      await kiosk.locator('[role=alert]:not([hidden])').waitFor();
      assert.match(await kiosk.locator('main').innerText(), refused, `${minute} minutes before`);
      assert.equal(await kiosk.locator('.kiosk-number').count(), 0);
      if (minute === 16) await house.picture(kiosk, 'kalisz-16-too-early');
      else await house.picture(kiosk, 'kalisz-17-cancelled');
    } else {
      await kiosk.locator('.kiosk-number').waitFor();
    }
    await kiosk.context().close();
  }
  await citizen.goto(visits[4].url);
  await house.picture(citizen, 'kalisz-18-missed');
  assert.match(await citizen.locator('main').innerText(), /anulowan|nie odbyła/i);
  house.check();
});
