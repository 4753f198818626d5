// The visit as people see it: booked on a phone, with and without scripts; a walk-in ticket at the kiosk; the call at the
// clerk's desk, on the hall's screen and on the e-ticket.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './lib.mjs';
import { DESKTOP, HALL, KIOSK, PHONE, code, comeIn, follow, proveWith } from './people.mjs';

let house;
before(async () => {
  house = await open();
});
after(() => house?.close());

/** From the office's first page to the page of the visit. */
async function book(page, { time, name, phone, picture = async () => {} }) {
  await page.goto(`${house.base}/torun`);
  await picture('1-office');
  await page.locator('a.button[href="/torun/book"]').first().click();
  await picture('2-service');
  await page.locator('a.row', { hasText: 'Zameldowanie' }).click();
  await picture('3-location');
  await page.locator('a.row', { hasText: 'budynek główny' }).click();
  await picture('4-day');
  await page.locator('button[name=date][value="2026-12-01"]').click();
  await picture('5-hour');
  await page.locator(`button[name=time][value^="${time}"]`).first().click();
  await page.locator('[name=name]').fill(name);
  await picture('6-form');
  await page.locator('form:has([name=name]) button[type=submit]').click();
  await page.locator('[name=phone]').fill(phone);
  await picture('7-phone');
  await page.locator('form:has([name=phone]) button[type=submit]').click();
  await page.locator('[name=code]').waitFor();
  await picture('8-code');
  const digits = await code(house, phone.replaceAll(' ', ''));
  return digits;
}

test('with scripts, from the first page to the call on the hall screen', async () => {
  const citizen = await house.newPage({ viewport: PHONE });
  const shown = (name) => house.picture(citizen, `booking-${name}`);
  const digits = await book(citizen, { time: '09:30', name: 'Anna Nowak', phone: '+48 601 234 567', picture: shown });
  await proveWith(citizen, digits);
  await citizen.waitForURL(/\/torun\/visit\//);
  await shown('9-visit');
  const text = await citizen.locator('main').innerText();
  assert.match(text, /wtorek, 1 grudnia 2026/);
  assert.match(text, /09:30/);
  const number = text.match(/\bR\d{3}\b/)[0];
  assert.equal((await house.print(citizen, 'torun-visit')).pages, 1, 'the confirmation is one sheet');
  const ticketPath = await citizen.locator('a[href^="/t/"]').first().getAttribute('href');

  const desk = await house.newPage({ viewport: DESKTOP });
  await desk.goto(`${house.base}/sign-in`);
  await house.picture(desk, 'sign-in');
  await comeIn(house, desk, 'Torunia', 'Okienko 3', /\/desk$/);
  await desk.locator('[data-desk][data-state="closed"]').waitFor();
  await desk.keyboard.press('o');
  await desk.locator('[data-desk][data-state="free"]').waitFor();

  const hall = await house.newPage({ viewport: HALL });
  await hall.goto(`${house.base}/hall/torun/glowny`);
  const ticket = await house.newPage({ viewport: PHONE });
  await ticket.goto(house.base + ticketPath);
  await house.picture(ticket, 'ticket-before');
  await house.clock('PT2H');
  await ticket.locator('[data-ticket][data-state="waiting"]').waitFor();
  await house.picture(ticket, 'ticket-waiting');
  await desk.getByText(number).first().waitFor();
  await house.picture(desk, 'desk-free');

  await desk.keyboard.press('n');
  await hall.locator('[data-last-ticket]', { hasText: number }).waitFor();
  assert.equal((await hall.locator('[data-last-counter]').innerText()).trim(), '3');
  await ticket.locator('[data-ticket][data-state="called"]').waitFor();
  assert.match(await ticket.locator('[data-counter-no]').innerText(), /3/);
  await desk.locator('[data-desk][data-state="called"]').waitFor();
  await hall.locator('[data-clock]', { hasText: '09:30' }).waitFor();
  await house.picture(hall, 'hall-call');
  await house.picture(ticket, 'ticket-called');
  await house.picture(desk, 'desk-called');
  const counter = await house.newPage({ viewport: HALL });
  await counter.goto(`${house.base}/counter/torun/glowny/3`);
  await counter.getByText(number).waitFor();
  await house.picture(counter, 'counter-called');

  await desk.keyboard.press('s');
  await desk.locator('[data-desk][data-state="serving"]').waitFor();
  await desk.keyboard.press('f');
  await desk.locator('[data-desk][data-state="free"]').waitFor();
  await ticket.locator('[data-ticket][data-state="served"]').waitFor();
  house.check();
});

test('without scripts, the booking and a second click on what was confirmed', async () => {
  const citizen = await house.newPage({ js: false, viewport: DESKTOP });
  const digits = await book(citizen, { time: '11:00', name: 'Jan Kowalski', phone: '+48602345678' });
  await citizen.locator('[name=code]').fill(digits);
  const confirmPage = citizen.url();
  await citizen.locator('form:has([name=code]) button[type=submit]').first().click();
  await citizen.waitForURL(/\/torun\/visit\//);
  const visit = citizen.url();
  await house.picture(citizen, 'visit-desktop');
  await citizen.goto(confirmPage);
  assert.equal(citizen.url(), visit, 'the page of the code leads to the visit that it made');
  await citizen.goBack();
  await citizen.goto(visit);
  assert.match(await citizen.locator('main').innerText(), /11:00/);
  house.check();
});

test('a walk-in ticket at the kiosk, with the number of those who wait, and an empty field for the next person', async () => {
  const kiosk = await house.newPage({ viewport: KIOSK });
  await comeIn(house, kiosk, 'Torunia', 'Automat biletowy', /\/kiosk$/);
  await house.picture(kiosk, 'kiosk-start');
  await follow(kiosk, kiosk.locator('a[href^="/kiosk/services"]'));
  await house.picture(kiosk, 'kiosk-services');
  const category = kiosk.locator('a[href*="category=dowody"]');
  if (await category.count()) await category.click();
  await kiosk.locator('button', { hasText: 'Zameldowanie' }).click();
  await kiosk.getByText(/\bA\d{3}\b/).first().waitFor();
  await house.picture(kiosk, 'kiosk-ticket');
  await kiosk.goto(`${house.base}/kiosk/code`);
  for (const digit of '12345678') await kiosk.locator(`[data-digit="${digit}"]`).click();
  await house.picture(kiosk, 'kiosk-code');
  await kiosk.goto(`${house.base}/kiosk`);
  await kiosk.goto(`${house.base}/kiosk/code`);
  assert.equal(await kiosk.locator('[name=code]').inputValue(), '');
  house.check();
});

test('whoever reads Ukrainian books in Ukrainian, once chosen on every page', async () => {
  const page = await house.newPage({ viewport: PHONE });
  await page.goto(`${house.base}/torun?lang=uk`);
  const cyrillic = async (selector) => {
    assert.equal(await page.locator('html').getAttribute('lang'), 'uk');
    assert.match(await page.locator(selector).first().innerText(), /[а-яіїєґ]{3}/i, page.url());
  };
  await cyrillic('h1');
  await page.locator('a.button[href="/torun/book"]').first().click();
  await cyrillic('h1');
  await page.locator('a.row', { hasText: 'Zameldowanie' }).click();
  await page.locator('a.row', { hasText: 'budynek główny' }).click();
  await cyrillic('h1');
  await house.picture(page, 'booking-ukrainian');
  await page.locator('button[name=date][value="2026-12-01"]').click();
  await page.locator('button[name=time][value^="11:00"]').first().click();
  await cyrillic('h1');
  await page.locator('[name=name]').fill('Olena Shevchenko');
  await page.locator('form:has([name=name]) button[type=submit]').click();
  await page.locator('[name=phone]').fill('+380 67 123 45 67');
  await page.locator('form:has([name=phone]) button[type=submit]').click();
  await page.locator('[name=code]').waitFor();
  await cyrillic('h1');
  await proveWith(page, await code(house, '+380671234567'));
  await page.waitForURL(/\/torun\/visit\//);
  await cyrillic('h1');
});
