// A visit to Wrocław's office, booked on its pages: place, service, day, hour, the form, the phone, the code.

import { DAY, code, proveWith, visitOf } from './people.mjs';

let phones = 0;

/** A form as somebody fills it in: `[name, value]`, a radio button where there is one. */
export async function fill(page, answers) {
  for (const [name, value] of Object.entries(answers)) {
    const field = page.locator(`[name="${name}"]`);
    const type = await field.first().getAttribute('type');
    const list = await field.first().evaluate((it) => it.tagName === 'SELECT');
    if (type === 'radio') await page.locator(`[name="${name}"][value="${value}"]`).check();
    else if (list) await field.selectOption(value);
    else await field.fill(value);
  }
}

export const PASSPORT = { applicant: 'adult', name: 'Anna Nowak', birth: '1985-07-13', pesel: '85071312344', 'passport-matter': 'standard' };
export const STAY = { applicant: 'adult', name: 'Olena Kowalenko', birth: '1990-03-02', citizenship: 'Ukraina', 'stay-matter': 'temporary' };

/** From the first step to the page of the visit; each visit has a phone of its own. */
export async function book(house, page, { service, time, answers, document, picture = async () => {} }) {
  phones += 1;
  const phone = `+486012345${String(phones).padStart(2, '0')}`;
  await page.goto(`${house.base}/wroclaw/book`);
  await picture('7-place');
  await page.locator('a.row', { hasText: 'budynek główny' }).click();
  await picture('8-service');
  await page.locator('a.row', { hasText: service }).click();
  await page.locator(`button[name=date][value="${DAY}"]`).click();
  await picture('9-hour');
  await page.locator(`button[name=time][value^="${time}"]`).first().click();
  await page.locator('[name=name]').waitFor();
  await fill(page, { ...answers, document });
  await picture('10-form');
  await page.locator('form:has([name=name]) button[type=submit]').click();
  await page.locator('[name=phone]').fill(phone);
  await picture('11-phone');
  await page.locator('form:has([name=phone]) button[type=submit]').click();
  await page.locator('[name=code]').waitFor();
  await picture('12-code');
  await page.locator('button', { hasText: /^Aktywuj$/ }).waitFor();
  const digits = await code(house, phone);
  await proveWith(page, digits);
  await page.waitForURL(/\/wroclaw\/visit\//);
  return visitOf(page);
}
