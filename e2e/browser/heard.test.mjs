// A call is heard: the hall's page fetches the voice, and what it fetches is a sound that one can hear. A hall without a
// voice asks for none.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './lib.mjs';
import { DESKTOP, HALL, KIOSK, comeIn, openCounter } from './people.mjs';

let house;
before(async () => {
  house = await open({ clock: '2026-12-01T09:00:00+01:00' });
});
after(() => house?.close());

/** Length in seconds, loudest sample and mean loudness of a sound, as Chromium decodes it. */
async function measured(page, path) {
  return page.evaluate(async (address) => {
    const answer = await fetch(address);
    const type = answer.headers.get('content-type');
    const bytes = await answer.arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(bytes);
    const samples = sound.getChannelData(0);
    let peak = 0;
    let sum = 0;
    for (const sample of samples) {
      peak = Math.max(peak, Math.abs(sample));
      sum += sample * sample;
    }
    return { status: answer.status, type, seconds: sound.duration, peak, rms: Math.sqrt(sum / samples.length) };
  }, path);
}

test('the hall page fetches the voice of a call, and it is a few seconds of clear sound', async () => {
  const hall = await house.newPage({ viewport: HALL });
  const asked = [];
  hall.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await hall.goto(`${house.base}/hall/torun/glowny`);
  const events = await hall.evaluateHandle(() => {
    const calls = [];
    const stream = new EventSource(document.querySelector('[data-hall]').dataset.events);
    stream.addEventListener('call', (event) => calls.push(JSON.parse(event.data)));
    return calls;
  });
  const kiosk = await house.newPage({ viewport: KIOSK });
  await comeIn(house, kiosk, 'Torunia', 'Automat biletowy', /\/kiosk$/);
  await kiosk.goto(`${house.base}/kiosk/services?category=dowody`);
  await kiosk.locator('button', { hasText: 'Zameldowanie' }).click();
  const number = (await kiosk.locator('.kiosk-number').innerText()).trim();
  const clerk = await house.newPage({ viewport: DESKTOP });
  await openCounter(house, clerk, 'Torunia', '3');
  const voice = hall.waitForRequest((request) => /\/audio\/(?!chime)[^/]+\.wav$/.test(request.url()));
  await clerk.keyboard.press('n');
  await hall.locator('[data-last-ticket]', { hasText: number }).waitFor();
  await hall.waitForFunction((calls) => calls.length > 0, events);
  const [call] = await events.evaluate((calls) => calls);
  assert.ok(call.announce.text.includes(number), call.announce.text);
  assert.match(call.announce.text, /stanowiska numer 3/);
  assert.equal(new URL((await voice).url()).pathname, call.announce.audio, 'the page plays what the call named');
  assert.ok(asked.indexOf('/audio/chime.wav') < asked.indexOf(call.announce.audio) || asked.includes('/audio/chime.wav'));
  const sound = await measured(hall, call.announce.audio);
  assert.equal(sound.type, 'audio/wav');
  assert.ok(sound.seconds > 1 && sound.seconds < 8, `${sound.seconds} s`);
  assert.ok(sound.peak > 0.2 && sound.peak <= 1, `peak ${sound.peak}`);
  assert.ok(sound.rms > 0.02 && sound.rms < 0.5, `loudness ${sound.rms}`);
  house.check();
});

test('eight counters of a hall in one browser over plain HTTP all show their call, and a wall keeps no language', async () => {
  const token = (role, more = []) => house.token(['--role', role, '--office', 'torun', '--location', 'glowny', ...more]);
  const kiosk = await token('kiosk');
  const first = await house.newPage({ viewport: HALL });
  const pages = [first];
  while (pages.length < 8) pages.push(await first.context().newPage());
  // Somebody is at counter 3 already.
  const counters = ['1', '2', '4', '5', '6', '7', '8', '9'];
  for (const [at, page] of pages.entries()) await page.goto(`${house.base}/counter/torun/glowny/${counters[at]}`, { timeout: 20_000 });
  for (const [at, page] of pages.entries()) {
    const clerk = await token('clerk', ['--counter', counters[at]]);
    const { ticket } = await house.post('/api/v1/kiosk/tickets', { service: 'meldunek' }, kiosk);
    await house.post('/api/v1/desk/open', {}, clerk);
    await house.post('/api/v1/desk/call', { ticket: ticket.number }, clerk);
    await page.locator('[data-shows]', { hasText: ticket.number }).waitFor({ timeout: 15_000 });
  }
  // One visit in another language, in the wall's own browser.
  const wall = await first.context().newPage();
  await wall.goto(`${house.base}/hall/torun/glowny?lang=uk`);
  await wall.goto(`${house.base}/hall/torun/glowny`);
  assert.equal(await wall.locator('html').getAttribute('lang'), 'pl');
  await first.context().close();
  house.check();
});

test('a hall without a voice asks for no sound', async () => {
  const hall = await house.newPage({ viewport: HALL });
  const asked = [];
  hall.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await hall.goto(`${house.base}/hall/torun/plaza`);
  const token = (role, more) => house.token(['--role', role, '--office', 'torun', '--location', 'plaza', ...more]);
  const [kiosk, clerk] = [await token('kiosk', []), await token('clerk', ['--counter', '1'])];
  // The place opens later than the town hall, and gives tickets from half an hour before.
  await house.clock('PT2H');
  const { services } = (await (await fetch(`${house.base}/api/v1/offices/torun`)).json()).categories[0];
  const here = services.filter((service) => service.locations.includes('plaza'));
  const { ticket } = await house.post('/api/v1/kiosk/tickets', { service: here[0].id }, kiosk);
  await house.post('/api/v1/desk/open', {}, clerk);
  await house.post('/api/v1/desk/call-next', {}, clerk);
  await hall.locator('[data-last-ticket]', { hasText: ticket.number }).waitFor();
  // What the page would play it would have asked for at once: the next call is shown after it.
  await house.post('/api/v1/desk/recall', {}, clerk);
  await house.clock('PT1M');
  assert.deepEqual(asked.filter((path) => path.startsWith('/audio/')), []);
  house.check();
});
