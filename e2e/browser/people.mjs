// What people of these tests do at every office: make an account, read a message, come in as staff. Knows pages by their
// fields and words alone.

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };
export const KIOSK = { width: 1080, height: 1920 };
export const HALL = { width: 1920, height: 1080 };
export const DAY = '2026-12-01';

const PASSWORD = 'okno na ratusz 7';
const nothing = async () => {};

/** Message number `count` to a phone or an address, once it is there. */
export async function message(house, to, count = 1) {
  for (;;) {
    const messages = await house.outbox(to);
    if (messages.length >= count) return messages[count - 1];
    await pause(20);
  }
}

/** The digits at the end of the newest code that a phone got. */
export async function code(house, phone, count = 1) {
  const { text } = await message(house, phone, count);
  return text.match(/#(\d{6})\s*$/)[1];
}

/** From the office's first page to a signed-in account: the form with its consents, the link of the mail, the password. */
export async function makeAccount(house, page, office, email, picture = nothing) {
  await page.goto(`${house.base}/${office}`);
  await picture('1-office');
  await page.locator(`main a[href="/${office}/account"]`).first().click();
  await picture('2-sign-in');
  await page.locator(`a[href="/${office}/account/new"]`).click();
  await page.locator('[name=email]').fill(email);
  for (const box of await page.locator('input[type=checkbox]').all()) await box.check();
  await picture('3-account');
  await page.locator('button', { hasText: /^Utwórz konto$/ }).click();
  await page.getByRole('heading', { name: 'Sprawdź pocztę' }).waitFor();
  await picture('4-look-into-mail');
  const mail = await message(house, email);
  await page.goto(mail.text.match(/https?:\/\/\S+?(?=[.,]?\s|[.,]?$)/)[0]);
  await page.locator('[name=password]').fill(PASSWORD);
  await picture('5-activate');
  await page.locator('button', { hasText: 'Aktywuj konto' }).click();
  await page.locator('[name=email]').fill(email);
  await page.locator('[name=password]').fill(PASSWORD);
  await picture('6-active');
  await page.locator('main button[type=submit]', { hasText: 'Zaloguj się' }).click();
  await page.getByRole('heading', { name: 'Moje konto' }).waitFor();
}

/** Comes in as one of the demo's people: `office` and `who` are words of the button, e.g. "Torunia", "Okienko 3". */
export async function comeIn(house, page, office, who, leads) {
  await page.goto(`${house.base}/sign-in`);
  const group = page.locator('[data-demo-office]', { hasText: office });
  if (!(await group.evaluate((it) => it.open))) await group.locator('summary').click();
  await group.locator('button', { hasText: who }).click();
  await page.waitForURL(leads);
}

/** An open counter. */
export async function openCounter(house, page, office, counter) {
  await comeIn(house, page, office, `Okienko ${counter}`, /\/desk$/);
  await page.locator('[data-desk][data-state="closed"]').waitFor();
  await page.keyboard.press('o');
  await page.locator('[data-desk][data-state="free"]').waitFor();
}

/** Types a code as it came and presses the button: the last digit sends nothing by itself. */
export async function proveWith(page, digits) {
  const at = page.url();
  await page.locator('[name=code]').pressSequentially(digits);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  assert.equal(page.url(), at, 'the last digit sends nothing');
  assert.equal(await page.locator('form[data-sent]').count(), 0, 'the last digit sends nothing');
  await page.locator('form:has([name=code]) button[type=submit]').first().click();
}

/** Hour, reservation's number and code of the machine, as the page of a visit shows them. */
export async function visitOf(page) {
  const text = await page.locator('main').innerText();
  assert.match(text, /wtorek, 1 grudnia 2026/);
  const digits = text.match(/\b(\d{2}[ \u00a0]?\d{2}[ \u00a0]?\d{2}[ \u00a0]?\d{2})\b/)[1];
  return { text, url: page.url(), code: digits.replace(/\D/g, '') };
}

/** Touches a way to another page of the machine and is there: the machine first asks whether anybody answers. */
export async function follow(kiosk, way) {
  const before = kiosk.url();
  await way.click();
  await kiosk.waitForURL((now) => now.href !== before);
}

/** Types a code on the machine's keys and confirms it. */
export async function typeCode(kiosk, digits) {
  assert.equal(await kiosk.locator('[name=code]').inputValue(), '', 'the field is empty for everybody');
  for (const digit of digits) await kiosk.locator(`[data-digit="${digit}"]`).click();
  await kiosk.locator('[data-keypad] button[type=submit]').click();
}
