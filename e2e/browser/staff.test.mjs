// The office's own pages as supervisor, admin and auditor use them, and the pages that say no to a citizen: outside the
// territory, without a proof of work, an address that is not there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { open } from './lib.mjs';
import { DAY, DESKTOP, PHONE, comeIn, makeAccount, message } from './people.mjs';
import { PASSPORT, STAY, book } from './wroclaw.mjs';

const OFFICE = 'Wrocław';
const MAIL = 'olena@example.org';
const COUNTRIES = fileURLToPath(new URL('../../crates/territory/tests/data/GeoIP2-Country-Test.mmdb', import.meta.url));
/** An address that the data of these tests places in the United Kingdom. */
const ABROAD = '2.125.160.216';

let house;
let citizen;
before(async () => {
  house = await open({ args: ['--geo', COUNTRIES] });
  citizen = await house.newPage({ viewport: PHONE, expected: [/status of 4\d\d/] });
  await makeAccount(house, citizen, 'wroclaw', MAIL);
  const visits = [
    ['Oddział LP2 – złożenie', '09:00', STAY, 'FN 123456'],
    ['Oddział LP1 – złożenie', '09:30', { ...STAY, name: 'Ivan Bondar' }, 'FN 223456'],
    ['Paszport – złożenie', '10:00', { ...PASSPORT, name: 'Jan Zieliński' }, 'AB 3234567'],
    ['Paszport – złożenie', '10:15', { ...PASSPORT, name: 'Ewa Lis' }, 'AB 4234567'],
    ['Paszport – złożenie', '10:30', { ...PASSPORT, name: 'Adam Duda' }, 'AB 5234567'],
    ['Paszport – złożenie', '10:45', { ...PASSPORT, name: 'Maria Wilk' }, 'AB 6234567'],
  ];
  for (const [service, time, answers, document] of visits) await book(house, citizen, { service, time, answers, document });
});
after(() => house?.close());

/** The same page on a phone too: nothing sticks out. */
async function onPhone(page) {
  await page.setViewportSize(PHONE);
  await house.fits(page);
  await page.setViewportSize(DESKTOP);
}

test('a supervisor starts with the day, asks a holder, reads the answer and removes a reservation', async () => {
  const desk = await house.newPage({ viewport: DESKTOP });
  await comeIn(house, desk, OFFICE, 'Kierownik sali', /\/admin$/);
  await house.picture(desk, 'staff-1-day');
  await onPhone(desk);
  await desk.locator('[name=q]').fill('Kowalenko');
  await desk.locator('button', { hasText: 'Szukaj rezerwacji' }).click();
  assert.match(await desk.locator('main').innerText(), /1 rezerwacja/);
  assert.ok(!desk.url().includes('Kowalenko'), 'a name stands in no address');
  await desk.locator('table a').last().click();
  await desk.locator('#questions').waitFor();
  await house.picture(desk, 'staff-2-reservation');
  await onPhone(desk);
  const reservation = desk.url();
  const box = desk.locator('form[action$="/questions"] input[type=checkbox]').first();
  await box.check();
  await desk.locator('button', { hasText: 'Wyślij pytania' }).click();
  await desk.getByText('Nie ma jeszcze odpowiedzi').first().waitFor();

  const mail = await message(house, MAIL, 8);
  await citizen.goto(mail.text.match(/https?:\/\/\S*\/answer\/[^\s.]+/)[0]);
  await house.picture(citizen, 'staff-3-answer');
  await citizen.locator('main input[type=text]').first().fill('Kowalenko Olena');
  await citizen.locator('button', { hasText: 'Wyślij odpowiedzi' }).click();
  await citizen.getByText('Odpowiedzi są zapisane').waitFor();
  await desk.goto(reservation);
  await desk.locator('button', { hasText: 'Przeczytaj odpowiedzi' }).click();
  await desk.getByText('Kowalenko Olena').first().waitFor();
  await house.picture(desk, 'staff-4-answered');

  await desk.goto(`${house.base}/admin/suspicious`);
  // Six names on one account within an hour: that is for a person to judge.
  await desk.locator('table', { hasText: '6 nazwisk na jednym koncie' }).waitFor();
  await house.picture(desk, 'staff-5-suspicious');
  await onPhone(desk);
  await desk.locator('nav a', { hasText: 'Wiadomości' }).click();
  // Each booking so far had its confirmation by mail, and the account its link.
  const sent = await desk.locator('tr', { hasText: 'Potwierdzenie rezerwacji, e-mail' }).innerText();
  assert.ok(sent.split('\t').slice(1, 4).reduce((sum, n) => sum + Number(n), 0) >= 6, sent);
  await desk.locator('tr', { hasText: 'Założenie konta, e-mail' }).waitFor();
  await house.picture(desk, 'staff-10-messages');
  await onPhone(desk);
  await desk.goto(`${house.base}/admin?date=${DAY}`);
  await desk.locator('tr', { hasText: 'Ivan Bondar' }).locator('a').click();
  await desk.locator('a', { hasText: 'Usuń rezerwację' }).click();
  await desk.locator('[name=reason][value=traded]').check();
  await desk.locator('button', { hasText: 'Sprawdź, co się stanie' }).click();
  await desk.getByText('Usuniętej rezerwacji nie da się przywrócić').waitFor();
  await house.picture(desk, 'staff-6-remove');
  await onPhone(desk);
  await desk.locator('button', { hasText: 'Usuń rezerwację' }).click();
  await desk.getByText('Rezerwacja została przekazana innej osobie').first().waitFor();
  await house.picture(desk, 'staff-7-removed');
  house.check();
});

test('an admin sees people and devices, an auditor who looked at what; each has the same header', async () => {
  const admin = await house.newPage({ viewport: DESKTOP });
  await comeIn(house, admin, OFFICE, 'Administrator', /\/admin$/);
  await admin.locator('.office-nav a', { hasText: 'Pracownicy' }).click();
  await house.picture(admin, 'staff-8-people');
  await onPhone(admin);
  assert.deepEqual(await admin.locator('.office-nav a').allInnerTexts(), ['Rezerwacje', 'Podejrzane', 'Wiadomości', 'Pracownicy', 'Dziennik dostępu']);
  const auditor = await house.newPage({ viewport: DESKTOP });
  await comeIn(house, auditor, OFFICE, 'Audytor', /\/admin\/access$/);
  await house.picture(auditor, 'staff-9-access');
  await onPhone(auditor);
  assert.deepEqual(await auditor.locator('.office-nav a').allInnerTexts(), ['Rezerwacje', 'Podejrzane', 'Wiadomości', 'Dziennik dostępu']);
  house.check();
});

test('who is abroad is told so before choosing anything, and keeps the reservation that there is', async () => {
  const abroad = await house.newPage({ viewport: PHONE, from: ABROAD, expected: [/status of 403/] });
  await abroad.goto(`${house.base}/wroclaw`);
  await abroad.locator('a.button[href="/wroclaw/book"]').click();
  assert.match(await abroad.locator('h1').innerText(), /tylko z terytorium Polski/);
  await house.picture(abroad, 'wroclaw-26-abroad');
  await abroad.goto(citizen.url());
  house.check();
});

test('without scripts one waits a moment instead of the proof of work', async () => {
  const plain = await house.newPage({ js: false, viewport: PHONE });
  await makeAccount(house, plain, 'wroclaw', 'bez.skryptu@example.org');
  await plain.goto(`${house.base}/wroclaw/book?location=wroclaw&service=paszport-odbior`);
  await plain.locator(`button[name=date][value="${DAY}"]`).click();
  await plain.locator('button[name=time][value^="11:00"]').first().click();
  await plain.getByRole('heading', { name: 'Jeszcze chwila' }).waitFor();
  await house.picture(plain, 'wroclaw-27-wait');
  house.check();
});

test('an operator sees what is wrong and the one thing to do, and no person', async () => {
  const token = await house.token(['--role', 'operator', '--office', '*']);
  const page = await house.newPage({ viewport: DESKTOP, token });
  await page.goto(`${house.base}/ops`);
  const said = await page.locator('main').innerText();
  // The countries of these tests are years old.
  assert.match(said, /Baza krajów ma \d+ dni/);
  assert.match(said, /Pobierz nowszą/);
  assert.ok(!said.includes('Kowalenko') && !said.includes(MAIL), said);
  await house.picture(page, 'ops-1-finding');
  await onPhone(page);
  house.check();
});

test('first pages, rules and addresses that are not there fit a phone and say what to do', async () => {
  const page = await house.newPage({ viewport: PHONE, expected: [/status of 4\d\d/] });
  const pages = [
    ['/', 'pages-offices'],
    ['/sign-in', 'pages-sign-in-phone'],
    ['/wroclaw/rules', 'pages-rules-wroclaw'],
    ['/kalisz/rules', 'pages-rules-kalisz'],
    ['/kalisz/account/reset', 'pages-reset'],
    ['/gdzies', 'pages-no-office'],
    ['/torun/visit/nie-ma-takiej', 'pages-no-visit'],
    ['/t/nie-ma-takiego', 'pages-no-ticket'],
    ['/kalisz/account/activate/stary', 'pages-link-over'],
    ['/admin', 'pages-admin-stranger'],
  ];
  for (const [path, name] of pages) {
    await page.goto(house.base + path);
    await page.locator('h1').waitFor();
    await house.picture(page, name);
  }
  house.check();
});
