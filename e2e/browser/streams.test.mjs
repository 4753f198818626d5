// One line for all pages of a browser: eight counters over plain HTTP, in which a browser has six connections, all show the call;
// and so with pages of many halls, without a shared worker, after a page was closed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { becomes, call, stage } from './stage.mjs';

let on;
before(async () => { on = await stage(); });
after(() => on?.close());

/** A browser with pages at these addresses, all of one person. */
async function pagesAt(paths, prepare) {
  const first = await on.house.newPage();
  if (prepare) await first.context().addInitScript(prepare);
  const pages = [first];
  while (pages.length < paths.length) pages.push(await first.context().newPage());
  for (const [at, path] of paths.entries()) await pages[at].goto(`${on.house.base}${path}`, { timeout: 10_000 });
  return pages;
}

const shows = (page) => () => page.locator('[data-shows]').textContent();
const counters = (n) => Array.from({ length: n }, (_, at) => String(at + 1));
const board = (seq, state, n) => ({ seq, counters: counters(n).map((counter) => ({ counter, state, ticket: state === 'called' ? `A00${counter}` : undefined })) });

test('eight counters in one browser over plain HTTP all show their call, by one line', async () => {
  const hall = on.hall('eight');
  hall.board('board', board(2, 'free', 8));
  const pages = await pagesAt(counters(8).map((n) => `/counter/eight/${n}`));
  for (const [at, page] of pages.entries()) await becomes(shows(page), 'wolne', `counter ${at + 1}`);
  assert.equal(hall.connected, 1);
  hall.board('board', board(3, 'called', 8));
  for (const [at, page] of pages.entries()) await becomes(shows(page), `A00${at + 1}`, `counter ${at + 1}`);
  // An ordinary page still opens beside them.
  const ninth = await pages[0].context().newPage();
  await ninth.goto(`${on.house.base}/hold/600`, { timeout: 10_000 });
  // The one that opened the line is closed: the others go on hearing, and nothing is lost meanwhile.
  await pages[0].close();
  hall.board('board', board(4, 'free', 8));
  for (const page of pages.slice(1)) await becomes(shows(page), 'wolne');
  await pages[1].context().close();
  await becomes(() => hall.listeners.size, 0, 'lines of a browser that was closed');
});

test('pages of ten halls in one browser all show their call, though there are four lines', async () => {
  const names = counters(10).map((n) => `many${n}`);
  for (const name of names) on.hall(name).board('board', board(2, 'free', 1));
  const pages = await pagesAt(names.map((name) => `/counter/${name}/1`));
  for (const page of pages) await becomes(shows(page), 'wolne');
  assert.ok(names.filter((name) => on.hall(name).listeners.size).length <= 4);
  for (const name of names) on.hall(name).board('board', board(3, 'called', 1));
  for (const page of pages) await becomes(shows(page), 'A001');
  await pages[0].context().close();
});

test('a page that comes later has all, and hears what comes then', async () => {
  const hall = on.hall('later');
  hall.board('board', { seq: 5, calls: [call('A005', '3')] });
  const [first] = await pagesAt(['/hall/later']);
  const large = (page) => () => page.locator('[data-last-ticket]').textContent();
  await becomes(large(first), 'A005');
  await becomes(() => hall.listeners.size, 1);
  hall.board('call', { seq: 6, calls: [call('A006', '2'), call('A005', '3', 'serving')] });
  await becomes(large(first), 'A006');
  const second = await first.context().newPage();
  await second.goto(`${on.house.base}/hall/later`);
  await becomes(large(second), 'A006');
  hall.board('call', { seq: 7, calls: [call('A007', '1'), call('A006', '2', 'serving')] });
  for (const page of [first, second]) await becomes(large(page), 'A007');
  assert.deepEqual(hall.lastIds, ['1-5'], 'one line, from where the first page was');
  await first.context().close();
});

for (const [what, prepare, lines] of [
  ['without a shared worker, by a lock', () => { delete globalThis.SharedWorker; }, 1],
  ['with a shared worker that is not allowed', () => { globalThis.SharedWorker = class { constructor() { throw new Error('no'); } }; }, 1],
  ['with neither, each page by itself', () => { delete globalThis.SharedWorker; Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }); }, 3],
]) {
  test(`three pages ${what}`, async () => {
    const name = what.replaceAll(/\W/g, '');
    const hall = on.hall(name);
    hall.board('board', board(2, 'free', 3));
    const pages = await pagesAt([`/counter/${name}/1`], prepare);
    // The first one has the line before the others come.
    await becomes(() => hall.listeners.size, 1, 'lines of the first page');
    for (const n of ['2', '3']) {
      const page = await pages[0].context().newPage();
      await page.goto(`${on.house.base}/counter/${name}/${n}`, { timeout: 10_000 });
      pages.push(page);
    }
    for (const page of pages) await becomes(shows(page), 'wolne');
    await becomes(() => hall.listeners.size, lines, 'lines');
    hall.board('board', board(3, 'called', 3));
    for (const [at, page] of pages.entries()) await becomes(shows(page), `A00${at + 1}`);
    // Whoever had the line goes: somebody else takes it.
    const [old] = hall.listeners;
    await pages[0].close();
    const taken = () => hall.listeners.size === Math.max(1, lines - 1) && ![...hall.listeners].includes(old);
    await becomes(taken, true, 'lines after one page was closed');
    hall.board('board', board(4, 'free', 3));
    for (const page of pages.slice(1)) await becomes(shows(page), 'wolne');
    await pages[1].context().close();
  });
}

test('an e-ticket in three tabs hears its call in all of them', async () => {
  const hall = on.hall('phone');
  const pages = await pagesAt(['/ticket/phone', '/ticket/phone', '/ticket/phone']);
  for (const page of pages) await becomes(() => page.locator('[data-sentence]').textContent(), 'Przed Tobą 2');
  hall.ticket = { ...hall.ticket, seq: 2, state: 'called', counter: '3' };
  hall.send('ticket', '1-2', hall.ticket);
  for (const page of pages) await becomes(() => page.locator('[data-counter-no]').textContent(), '3');
  assert.equal(hall.connected, 1);
  await pages[0].context().close();
});
