// The ticket machine as people use it: whatever a scanner reads, on whichever screen, after whatever was touched; everything
// on one screen; nothing said that is not so.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './lib.mjs';
import { DAY, code, comeIn } from './people.mjs';

const SIZES = [[1080, 1920], [1920, 1080], [768, 1024]].map(([width, height]) => ({ width, height }));

let house;
let kiosk;
let page;
let visit;
before(async () => {
  house = await open({ clock: '2026-12-01T09:00:00+01:00' });
  kiosk = await house.token(['--role', 'kiosk', '--office', 'torun', '--location', 'glowny']);
  page = await house.newPage({ viewport: SIZES[0], expected: [/status of 4\d\d/] });
  await comeIn(house, page, 'Torunia', 'Automat biletowy', /\/kiosk$/);
  visit = await book('09:30', '+48601234567');
});
after(() => house?.close());

/** A visit by the API: its check-in code, the address of its page and of its ticket. */
async function book(time, phone, date = DAY) {
  const ask = async (method, path, body, secret) => {
    const headers = { 'Content-Type': 'application/json' };
    if (secret) headers.Authorization = `Bearer ${secret}`;
    const answer = await fetch(`${house.base}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : {};
  };
  const { hold, secret } = await ask('POST', 'offices/torun/holds', { location: 'glowny', service: 'meldunek', date, time });
  await ask('PUT', `holds/${hold}/form`, { fields: { name: `Jan Kowalski ${phone}` }, consents: {} }, secret);
  await ask('POST', `holds/${hold}/code`, { phone, locale: 'pl' }, secret);
  const digits = await code(house, phone);
  const { reservation } = await ask('POST', `holds/${hold}/confirm`, { code: digits }, secret);
  const path = new URL(reservation.manage_url, house.base).pathname;
  const shown = await (await fetch(house.base + path)).text();
  return {
    code: reservation.check_in_code,
    page: `${house.base}${path}`,
    ticket: `${house.base}${shown.match(/\/t\/[0-9a-z]+/)[0]}`,
  };
}

const walkIn = async () => (await house.post('/api/v1/kiosk/tickets', { service: 'meldunek' }, kiosk)).ticket;

/** The screens of the machine, by the way that leads there. */
const SCREENS = {
  'the first screen': (at) => at.goto(`${house.base}/kiosk`),
  'the entry of a code': (at) => at.goto(`${house.base}/kiosk/code`),
  'a code half typed': async (at) => {
    await at.goto(`${house.base}/kiosk/code`);
    for (const digit of '123') await at.locator(`[data-digit="${digit}"]`).click();
  },
  'Clear touched': async (at) => {
    await at.goto(`${house.base}/kiosk/code`);
    await at.locator('[data-clear]').click();
  },
  'a digit deleted': async (at) => {
    await at.goto(`${house.base}/kiosk/code`);
    await at.locator('[data-digit="4"]').click();
    await at.locator('[data-delete]').click();
  },
  'another whole code typed': async (at) => {
    await at.goto(`${house.base}/kiosk/code`);
    for (const digit of '99999999') await at.locator(`[data-digit="${digit}"]`).click();
  },
  'the categories': (at) => at.goto(`${house.base}/kiosk/services`),
  'a list of services': (at) => at.goto(`${house.base}/kiosk/services?category=dowody`),
  'low buttons touched': async (at) => {
    await at.goto(`${house.base}/kiosk/services`);
    await at.locator('[data-low]').click();
  },
  'the ticket of somebody else': async (at) => at.goto(`${house.base}/kiosk/ticket/${(await walkIn()).token}`),
  'a wrong code': async (at) => {
    await at.goto(`${house.base}/kiosk/code`);
    for (const digit of '99999998') await at.locator(`[data-digit="${digit}"]`).click();
    await at.locator('[data-keypad] button[type=submit]').click();
    await at.locator('[data-message]:not([hidden])').waitFor();
  },
  'a question whether one is there': async (at) => {
    await at.goto(`${house.base}/kiosk/code`);
    await at.evaluate(() => document.querySelector('[data-still-there]').showModal());
  },
};

/** What a reader types, as the keys that the browser sees. `layout` is what the host makes of a reader's keys. */
async function scan(at, text, { before: prefix = '', end = ['Enter'], layout, numpad = false } = {}) {
  const keys = [];
  for (const char of prefix + text) {
    const upper = /[A-Z]/.test(char);
    const signs = { ':': ['Semicolon', true], '/': ['Slash', false], '.': ['Period', false], '-': ['Minus', false], '~': ['Backquote', true], ']': ['BracketRight', false], ' ': ['Space', false] };
    const [code, shiftKey] = /\d/.test(char) ? [`${numpad ? 'Numpad' : 'Digit'}${char}`, false]
      : /[a-z]/i.test(char) ? [`Key${char.toUpperCase()}`, upper] : signs[char] ?? ['', false];
    keys.push({ key: layout?.(char) ?? char, code, shiftKey });
  }
  for (const name of end) keys.push({ key: name, code: name, shiftKey: false });
  const before = at.url();
  const moved = at.waitForNavigation({ timeout: 15_000 });
  await at.evaluate((all) => {
    for (const key of all) {
      const target = document.activeElement ?? document.body;
      const event = new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true, composed: true });
      const natural = target.dispatchEvent(event);
      // What the browser itself does with Enter on a button; an event of a script does not.
      if (natural && key.key === 'Enter' && target.matches('button, a')) target.click();
    }
  }, keys);
  await moved;
  return before;
}

const swap = (char) => ({ y: 'z', z: 'y', Y: 'Z', Z: 'Y' })[char] ?? char;
const polish = (char) => ({ ':': 'Ł', '/': '-' })[char] ?? swap(char);
const cyrillic = (char) => (/[a-z]/i.test(char) ? 'фисвуапршолдьтщзйкыегмцчня'['abcdefghijklmnopqrstuvwxyz'.indexOf(char.toLowerCase())] : char === '/' ? '.' : char);
const french = (char) => ({ 1: '&', 2: 'é', 3: '"', 4: "'", 5: '(', 6: '-', 7: 'è', 8: '_', 9: 'ç', 0: 'à' })[char] ?? char;

test('whatever is scanned is understood on every screen, whatever was touched before', async () => {
  const scans = {
    code: [() => visit.code],
    'barcode, symbology before it': [() => visit.code, { before: ']C1' }],
    'code, prefix and Tab': [() => visit.code, { before: '~', end: ['Tab'] }],
    'code, CR LF': [() => visit.code, { end: ['Enter', 'Enter'] }],
    'code, nothing after it': [() => visit.code, { end: [] }],
    'code, digits of the numpad': [() => visit.code, { numpad: true, end: ['Enter'] }],
    'numpad without NumLock': [() => visit.code, { numpad: true, layout: (char) => ['Insert', 'End', 'ArrowDown', 'PageDown', 'ArrowLeft', 'Clear', 'ArrowRight', 'Home', 'ArrowUp', 'PageUp'][char] ?? char }],
    'code on a French host': [() => visit.code, { layout: french }],
    "visit's QR": [() => visit.page],
    "visit's QR in capitals": [() => visit.page.toUpperCase()],
    "visit's QR, y and z swapped": [() => visit.page, { layout: swap }],
    "visit's QR, capitals swapped": [() => visit.page.toUpperCase(), { layout: polish, end: ['Tab'] }],
    "visit's QR on a Cyrillic host": [() => visit.page, { layout: cyrillic, before: ']Q1' }],
    "ticket's QR": [() => visit.ticket],
    "ticket's QR, y and z swapped": [() => visit.ticket, { layout: swap, end: ['Enter', 'Enter'] }],
    'the token alone': [() => visit.ticket.split('/').at(-1)],
  };
  const number = await given();
  const names = Object.keys(SCREENS);
  const rows = [];
  // Every scan on some screen, every screen with a code and an address.
  Object.entries(scans).forEach(([name, scanned], at) => {
    rows.push([name, scanned, names[at % names.length]]);
  });
  for (const screen of names) rows.push(['code', scans.code, screen], ["visit's QR", scans["visit's QR"], screen]);
  for (const [name, [text, how], screen] of rows) {
    await SCREENS[screen](page);
    await scan(page, text(), how);
    await page.locator('.kiosk-number').waitFor();
    assert.equal((await page.locator('.kiosk-number').innerText()).trim(), number, `${name} on ${screen}`);
  }
  house.check();
});

/** The number behind the visit, as the machine gives it. */
async function given() {
  const answer = await house.post('/api/v1/kiosk/check-ins', { code: visit.code }, kiosk);
  return answer.ticket.number;
}

test('a scan by real keys counts alone, and Enter sends a whole code whatever has the focus', async () => {
  const number = await given();
  for (const first of ['[data-clear]', '[data-delete]', '[data-digit="1"]']) {
    await page.goto(`${house.base}/kiosk/code`);
    await page.locator(first).click();
    await page.keyboard.type(`${visit.code}\n`);
    await page.locator('.kiosk-number', { hasText: number }).waitFor();
  }
  for (const focus of ['[data-clear]', '[data-delete]', '[data-digit="1"]', '[data-low]', '.kiosk-end']) {
    await page.goto(`${house.base}/kiosk/code`);
    for (const digit of visit.code) await page.locator(`[data-digit="${digit}"]`).click();
    await page.locator(focus).focus();
    await page.keyboard.press('Enter');
    await page.locator('.kiosk-number', { hasText: number }).waitFor();
  }
  // Somebody's own keyboard: slowly, in parts, with a mistake.
  await page.goto(`${house.base}/kiosk/code`);
  for (const digit of `${visit.code.slice(0, 3)}9`) await page.keyboard.press(digit);
  await page.keyboard.press('Backspace');
  for (const digit of visit.code.slice(3, 6)) await page.locator(`[data-digit="${digit}"]`).click();
  await page.waitForTimeout(1600);
  for (const digit of visit.code.slice(6)) await page.keyboard.press(digit);
  assert.equal(await page.locator('[name=code]').inputValue(), visit.code);
  await page.keyboard.press('Enter');
  await page.locator('.kiosk-number', { hasText: number }).waitFor();
  house.check();
});

test('what is scanned and of no use here is told in words of its own', async () => {
  const later = await book('10:00', '+48601234568', '2026-12-02');
  const rows = [
    ['99999997', /Na dziś nie ma tu rezerwacji z tym kodem/],
    ['5901234123457', /Nie znamy tego kodu/],
    ['https://example.org/12700182', /Nie znamy tego kodu/],
    [later.page, /środa, 2 grudnia 2026/],
    [later.ticket, /środa, 2 grudnia 2026/],
  ];
  for (const [text, wanted] of rows) {
    await page.goto(`${house.base}/kiosk`);
    await scan(page, text);
    const told = page.locator('[data-message]:not([hidden])');
    await told.waitFor();
    assert.match(await told.innerText(), wanted, text);
    assert.doesNotMatch(await page.locator('main').innerText(), /Nie znaleźliśmy tego/);
    assert.equal(await page.locator('[name=code]').inputValue(), '', 'nothing of it stands in the field');
  }
  await page.goto(`${house.base}/kiosk/ticket/nie-ma-takiego`);
  assert.match(await page.locator('h1').innerText(), /Nie ma dziś takiego biletu/);
  house.check();
});

test('every result and button is on the screen, on every screen', async () => {
  const ticket = `/kiosk/ticket/${(await walkIn()).token}`;
  const paths = ['/kiosk', '/kiosk/code', '/kiosk/services', '/kiosk/services?category=dowody', '/kiosk/services?category=usc', ticket, '/kiosk/ticket/nie-ma'];
  const wrong = async () => SCREENS['a wrong code'](page);
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const path of [...paths, 'wrong']) {
      await page.evaluate(() => sessionStorage.clear());
      if (path === 'wrong') await wrong();
      else await page.goto(house.base + path);
      for (const low of [false, true]) {
        if (low) await page.locator('[data-low]').click();
        const where = `${path}${low ? ', low' : ''} at ${size.width}×${size.height}`;
        const out = await page.evaluate(() => [...document.querySelectorAll('main a, main button, main p, main h1, .qr, .kiosk-number, .code-shown, header a')]
          .filter((it) => it.checkVisibility() && it.textContent.trim() + (it.matches('.qr') ? 'x' : '') !== '' && !it.matches('.visually-hidden'))
          .map((it) => [it, it.getBoundingClientRect()])
          .filter(([, box]) => box.top < 0 || box.left < 0 || box.bottom > innerHeight + 0.5 || box.right > innerWidth + 0.5)
          .map(([it, box]) => `${it.tagName}.${it.className} ${it.textContent.trim().slice(0, 30)} ends at ${Math.round(box.bottom)}`));
        assert.deepEqual(out, [], where);
        const small = await page.evaluate(() => [...document.querySelectorAll('.kiosk-tools > *, .kiosk-choice, header .languages a')]
          .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 96).map((it) => it.textContent));
        assert.deepEqual(small, [], `${where}: 96 px`);
        await house.picture(page, `machine-${path.replace(/\W+/g, '-').slice(0, 28)}-${size.width}${low ? '-low' : ''}`);
      }
    }
  }
  await page.evaluate(() => sessionStorage.clear());
  await page.setViewportSize(SIZES[0]);
  house.check();
});

test('the lower layout says how to go back', async () => {
  await page.goto(`${house.base}/kiosk`);
  const button = page.locator('[data-low]');
  assert.equal(await button.innerText(), 'Przyciski niżej');
  await button.click();
  assert.equal(await button.innerText(), 'Zwykły układ');
  await page.goto(`${house.base}/kiosk/code`);
  assert.equal(await button.innerText(), 'Zwykły układ');
  await button.click();
  assert.equal(await button.innerText(), 'Przyciski niżej');
});

test('a ticket promises nothing that is not so, and is one short page on paper', async () => {
  const clerk = await house.token(['--role', 'clerk', '--office', 'torun', '--location', 'glowny', '--counter', '3']);
  const { token } = await walkIn();
  const look = async () => {
    await page.goto(`${house.base}/kiosk/ticket/${token}`);
    return page.locator('main').innerText();
  };
  const closed = await look();
  assert.match(closed, /żadne stanowisko nie przyjmuje/);
  assert.doesNotMatch(closed, /Następny numer to Twój|Weź bilet|minut/);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1);
  const roll = await page.pdf({ width: '80mm', height: '120mm' });
  assert.equal(roll.toString('latin1').match(/\/Type\s*\/Page\b/g).length, 1);
  await house.post('/api/v1/desk/open', {}, clerk);
  assert.match(await look(), /Przed Tobą/);
  await house.post('/api/v1/desk/call', { ticket: token }, clerk);
  assert.match(await look(), /Podejdź do stanowiska 3/);
  await house.post('/api/v1/desk/finish', {}, clerk);
  assert.match(await look(), /Wizyta zakończona/);
  await house.post('/api/v1/desk/close', {}, clerk);
  house.check();
});

test('a ticket stays for half a minute, ten seconds once it is printed; at stillness it asks, then clears', async () => {
  const own = await house.newPage({ viewport: SIZES[0] });
  await own.clock.install();
  await comeIn(house, own, 'Torunia', 'Automat biletowy', /\/kiosk$/);
  const wait = (seconds) => own.clock.runFor(seconds * 1000);
  const ticket = `${house.base}/kiosk/ticket/${(await walkIn()).token}`;
  await own.goto(ticket);
  await wait(28);
  assert.equal(own.url(), ticket, 'a phone has time to read the code');
  await wait(3);
  await own.waitForURL(/\/kiosk\?lang=pl$/);
  await own.goto(ticket);
  await own.evaluate(() => { globalThis.print = () => { document.title = 'printed'; }; });
  assert.equal(await own.locator('[data-sent-to-printer]').isVisible(), false);
  await wait(2);
  await own.locator('[data-print]').click();
  assert.equal(await own.title(), 'printed');
  await own.getByText('Wysłaliśmy bilet do drukarki').waitFor();
  await wait(8);
  assert.equal(own.url(), ticket);
  await wait(3);
  await own.waitForURL(/\/kiosk\?lang=pl$/);

  await own.goto(`${house.base}/kiosk/code`);
  await own.locator('[data-digit="5"]').click();
  await wait(44);
  assert.equal(await own.locator('dialog[open]').count(), 0);
  await wait(2);
  await own.locator('dialog[open] [data-stay]').click();
  assert.equal(await own.locator('[name=code]').inputValue(), '5');
  await wait(46);
  await own.locator('dialog[open]').waitFor();
  await wait(15);
  await own.waitForURL(/\/kiosk\?lang=pl$/);
  // A first screen that somebody has turned into another language is turned back.
  await own.goto(`${house.base}/kiosk?lang=uk`);
  await wait(61);
  await own.waitForURL(/\/kiosk\?lang=pl$/);
  house.check();
});

test('while nobody answers the machine says so, stays on its page, and begins anew when somebody does', async () => {
  for (const [what, from, act] of [
    ['a choice', '/kiosk', () => page.locator('a.kiosk-choice').first().click()],
    ['a language', '/kiosk', () => page.locator('.languages a').first().click()],
    ['a code', '/kiosk/code', async () => {
      for (const digit of '12345678') await page.locator(`[data-digit="${digit}"]`).click();
      await page.locator('[data-keypad] button[type=submit]').click();
    }],
    ['the end', '/kiosk/code', () => page.locator('.kiosk-end').click()],
  ]) {
    await page.goto(house.base + from);
    await page.context().setOffline(true);
    await act();
    await page.locator('dialog[data-away]').waitFor();
    assert.equal(new URL(page.url()).pathname, from, `${what}: it went away`);
    await page.context().setOffline(false);
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.locator('.kiosk-home').waitFor();
  }
  // What the browser says of a line that is down was meant.
  house.faults.length = 0;
});
