// What a screen and a phone show is what is so: after a backup was restored, after sleep, and once a call is over.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CAN_SLEEP, becomes, call, stage } from './stage.mjs';

let on;
before(async () => { on = await stage(); });
after(() => on?.close());

async function at(path, prepare, expected = []) {
  const page = await on.house.newPage({ expected });
  if (prepare) await page.context().addInitScript(prepare);
  await page.goto(`${on.house.base}${path}`);
  return page;
}

const text = (page, name) => () => page.locator(`[data-${name}]`).textContent();

test('a lower number of a later life is shown, and nothing of the life before comes back over it', async () => {
  // What arrives, by event or by the answer to a question, and which ticket stands there afterwards.
  const arrivals = [
    ['board', 1, 36, 'A036', 'A036'],
    ['board', 1, 35, 'A035', 'A036'],
    ['call', 2, 5, 'B005', 'B005'],
    ['board', 1, 37, 'A037', 'B005'],
    ['call', 1, 38, 'A038', 'B005'],
    ['snapshot', 1, 99, 'A099', 'B005'],
    ['call', 2, 6, 'B006', 'B006'],
    ['call', 2, 6, 'X006', 'B006'],
    ['board', 2, 4, 'B004', 'B006'],
    // A replica that knows no lives, during a roll-out.
    ['call', 0, 7, 'B007', 'B007'],
    ['board', 0, 3, 'B003', 'B007'],
    ['call', 2, 8, 'B008', 'B008'],
    ['snapshot', 5, 2, 'C002', 'C002'],
    ['board', 2, 9, 'B009', 'C002'],
    ['call', 5, 3, 'C003', 'C003'],
  ];
  const hall = on.hall('lives');
  hall.snapshot = { life: 1, seq: 30, calls: [call('A030', '1')], waiting: [], counters: [{ counter: '1', state: 'called', ticket: 'A030' }] };
  const [wall, counter] = [await at('/hall/lives'), await at('/counter/lives/1')];
  await becomes(text(wall, 'last-ticket'), 'A030');
  await becomes(text(counter, 'shows'), 'A030');
  await becomes(() => hall.listeners.size, 2, 'two people, two browsers');
  let shown = hall.snapshot;
  for (const [name, life, seq, ticket, stands] of arrivals) {
    const board = { seq, calls: [call(ticket, '1')], waiting: [], counters: [{ counter: '1', state: 'called', ticket }] };
    if (life) board.life = life;
    if (ticket === stands) shown = board;
    hall.snapshot = shown;
    hall.send(name, life ? `${life}-${seq}` : seq, name === 'call' ? { ...board.calls[0], board } : board);
    const what = `${name} ${life}-${seq}`;
    if (ticket !== stands) await new Promise((go) => { setTimeout(go, 200); });
    await becomes(text(wall, 'last-ticket'), stands, what);
    await becomes(text(counter, 'shows'), stands, what);
  }
  for (const page of [wall, counter]) await page.context().close();
});

test('an e-ticket that a backup has brought back waits again, and its late call does not return', async () => {
  const hall = on.hall('phones');
  hall.ticket = { life: 1, seq: 36, state: 'called', number: 'A001', counter: '3', expected_wait: null };
  const phone = await at('/ticket/phones');
  await becomes(text(phone, 'sentence'), 'Podejdź');
  const waits = { life: 2, seq: 4, state: 'waiting', number: 'A001', ahead: 2, expected_wait: null };
  const late = hall.ticket;
  hall.ticket = waits;
  await becomes(() => hall.listeners.size, 1);
  hall.send('ticket', '2-4', waits);
  await becomes(text(phone, 'sentence'), 'Przed Tobą 2');
  hall.send('ticket', '1-37', { ...late, seq: 37 });
  await new Promise((go) => { setTimeout(go, 300); });
  assert.equal(await text(phone, 'sentence')(), 'Przed Tobą 2');
  await phone.context().close();
});

test('a number that was served, removed or did not come stands large no more', async () => {
  const none = ['', 'teraz nikogo'];
  const early = (n) => `2026-12-01T08:0${n}:00+01:00`;
  const table = [
    [[], '', [], 'nikogo jeszcze'],
    [[call('A1', '1')], 'A1', [], ''],
    [[call('A1', '1', 'serving')], 'A1', [], ''],
    [[call('A1', '1', 'done')], none[0], ['A1'], none[1]],
    [[call('A1', '1', 'absent')], none[0], ['A1'], none[1]],
    [[call('A2', '2', 'done'), call('A1', '1', 'called', early(1))], 'A1', ['A2'], ''],
    [[call('A2', '2', 'absent'), call('A1', '1', 'serving', early(1))], 'A1', ['A2'], ''],
    [[call('A3', '2', 'done'), call('A2', '2', 'absent', early(2)), call('A1', '1', 'called', early(1))], 'A1', ['A3', 'A2'], ''],
    [[call('A2', '2'), call('A1', '1', 'called', early(1))], 'A2', ['A1'], ''],
    [[call('A2', '2', 'done'), call('A1', '1', 'done', early(1))], none[0], ['A2', 'A1'], none[1]],
    // Called a second time: the first call of the same number is no other.
    [[call('A1', '1', 'called', early(3), 2), call('A2', '2', 'done', early(2)), call('A1', '1', 'absent', early(1))], 'A1', ['A2'], ''],
    [[call('A1', '1', 'absent', early(3), 3), call('A1', '1', 'absent', early(1))], none[0], ['A1'], none[1]],
  ];
  const hall = on.hall('large');
  const wall = await at('/hall/large');
  await becomes(() => hall.listeners.size, 1);
  const seen = () => wall.evaluate(() => {
    const of = (name) => document.querySelector(`[data-${name}]`);
    const shown = (element) => (element.hidden ? '' : element.textContent);
    return [shown(of('last-ticket')), [...of('earlier').querySelectorAll('.no')].map((row) => row.textContent), shown(of('last-empty'))];
  });
  for (const [row, [calls, large, small, said]] of table.entries()) {
    hall.board('board', { seq: 10 + row, calls });
    await becomes(seen, [large, small, said], `row ${row}`);
  }
  await wall.context().close();
});

test('only a call is announced: a number that stands large again because a later one has ended is no news', async () => {
  const hall = on.hall('news');
  hall.snapshot.calls = [call('A1', '1', 'called', '2026-12-01T08:00:00+01:00')];
  const wall = await at('/hall/news');
  await becomes(() => hall.listeners.size, 1);
  await becomes(text(wall, 'last-ticket'), 'A1');
  assert.equal(await text(wall, 'live')(), '', 'what was called before the screen was on');
  const first = hall.snapshot.calls;
  hall.board('call', { seq: 2, calls: [call('A2', '2'), ...first] });
  await becomes(text(wall, 'live'), 'A2 2');
  hall.board('board', { seq: 3, calls: [call('A2', '2', 'done'), ...first] });
  await becomes(text(wall, 'last-ticket'), 'A1');
  assert.equal(await text(wall, 'live')(), 'A2 2');
  await wall.context().close();
});

test('a phone says a wait in minutes, then in hours, and at last as longer', async () => {
  const hall = on.hall('waits');
  const phone = await at('/ticket/waits');
  await becomes(() => hall.listeners.size, 1);
  const rows = [[0, 5, 'do 5 min'], [1, 10, '1–10 min'], [89, 140, '89–140 min'], [90, 120, '1–2 godz.'], [119, 121, '1–3 godz.'], [239, 300, '3–5 godz.'], [240, 300, 'ponad 4 godz.'], [1390, 1440, 'ponad 4 godz.']];
  for (const [row, [low, high, said]] of rows.entries()) {
    const now = { ...hall.ticket, seq: 10 + row, expected_wait: { low_min: low, high_min: high } };
    hall.ticket = now;
    hall.send('ticket', `1-${10 + row}`, now);
    await becomes(text(phone, 'wait'), said, `${low}–${high}`);
  }
  await phone.context().close();
});

test('the screen over a counter marks each call, also the second to the same ticket, and no other counter’s', async () => {
  const hall = on.hall('again');
  hall.snapshot.counters = [{ counter: '1', state: 'free' }];
  const counter = await at('/counter/again/1');
  await becomes(() => hall.listeners.size, 1);
  await counter.evaluate(() => {
    globalThis.marks = 0;
    const shows = document.querySelector('[data-shows]');
    new MutationObserver((changes) => {
      globalThis.marks += changes.filter(({ oldValue }) => !/pulse/.test(oldValue ?? '') && shows.classList.contains('pulse')).length;
    }).observe(shows, { attributes: true, attributeFilter: ['class'], attributeOldValue: true });
  });
  const marks = () => counter.evaluate(() => globalThis.marks);
  const calls = [['A1', '1', 1, 1], ['A1', '1', 2, 2], ['B1', '2', 1, 2], ['A1', '1', 3, 3]];
  for (const [row, [ticket, to, attempt, wanted]] of calls.entries()) {
    const called = call(ticket, to, 'called', new Date().toISOString(), attempt);
    hall.board('call', { seq: 2 + row, calls: [called, ...hall.snapshot.calls], counters: [{ counter: '1', state: 'called', ticket: 'A1' }] });
    await becomes(marks, wanted, `${ticket} at ${to}`);
  }
  await counter.context().close();
});

const MINUTE = 60_000;
const sleep = (page, ms) => page.evaluate((slept) => { globalThis.slept += slept; }, ms);

test('a countdown says after sleep what is left, and that it is over where it is', async () => {
  for (const [seconds, slept, wanted] of [
    [598, 11 * MINUTE, /^Czas minął$/],
    [598, 9 * MINUTE, /^jeszcze 0:5\d$/],
    [598, 5 * MINUTE, /^jeszcze 4:5\d$/],
    [598, 0, /^jeszcze 9:5\d$/],
    [598, 598_000, /^Czas minął$/],
    [120, 90_000, /^jeszcze 0:(2|3)\d$/],
    [60, 24 * 60 * MINUTE, /^Czas minął$/],
    [3, 2_900, /^(jeszcze 0:01|Czas minął)$/],
    // The clock on the wall is set back meanwhile: what has passed has passed.
    [598, -3 * 60 * MINUTE, /^jeszcze 9:5\d$/],
    [1200, 15 * MINUTE, /^jeszcze (4:5\d|5:00)$/],
  ]) {
    const page = await at(`/hold/${seconds}`, CAN_SLEEP);
    await sleep(page, slept);
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    const line = await text(page, 'hold-line')();
    assert.match(line, wanted, `${seconds} s, asleep for ${slept} ms`);
    await page.context().close();
  }
});

test('a wall and a phone that were asleep say so at once, and a machine forgets who stood there', async () => {
  const hall = on.hall('asleep');
  hall.snapshot.calls = [call('A1', '1')];
  const cut = [/ERR_FAILED/];
  const [wall, phone] = [await at('/hall/asleep', CAN_SLEEP, cut), await at('/ticket/asleep', CAN_SLEEP, cut)];
  await becomes(text(wall, 'last-ticket'), 'A1');
  for (const page of [wall, phone]) {
    await page.route('**/api/**', (route) => route.abort());
    assert.ok(await page.locator('[data-stale]').isHidden());
    await sleep(page, 11 * MINUTE);
    const stale = await page.evaluate(() => {
      document.dispatchEvent(new Event('visibilitychange'));
      return document.querySelector('[data-stale]').hidden;
    });
    assert.equal(stale, false);
  }
  for (const page of [wall, phone]) await page.context().close();
});

test('a machine that a visitor left in another language speaks the office’s again after a minute', async () => {
  for (const [language, slept, back] of [['uk', 61_000, true], ['uk', 20_000, false], ['en', 10 * MINUTE, true], ['pl', 10 * MINUTE, false]]) {
    const machine = await at(`/kiosk/${language}`, CAN_SLEEP);
    await machine.evaluate(() => { globalThis.here = true; });
    await sleep(machine, slept);
    const gone = async () => machine.url().includes('lang=pl');
    if (back) await becomes(gone, true, language);
    else {
      await new Promise((go) => { setTimeout(go, 1200); });
      assert.equal(await gone(), false, `${language} after ${slept} ms`);
    }
    await machine.context().close();
  }
});
