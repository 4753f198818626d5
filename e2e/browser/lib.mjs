// The harness of the browser tests: starts the demo and Debian's Chromium, and fails a test on any fault that a page
// shows. Knows the program's fixed outside surface (first line, /readyz, /dev/*), and no page.
//
// A test file is named *.test.mjs and looks like this:
//
//   const house = await open();                      // or open({ clock: '2026-12-01T11:59:00+01:00' })
//   after(() => house.close());                      // throws when a page had a fault that nobody expected
//   const page = await house.newPage({ js: false });
//   await page.goto(`${house.base}/torun`);
//   await house.picture(page, 'office');             // saved only by `cargo xtask pictures`
//   const [message] = await house.outbox('+48600100200');
//   await house.clock('PT15M');

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

/** A Tuesday, half past seven in Poland: the offices are about to open. */
export const MORNING = '2026-12-01T07:30:00+01:00';

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // As on the screen of a hall: calls are heard without anybody having touched it.
  '--autoplay-policy=no-user-gesture-required',
];

/** How long the program may take to answer /readyz, and to end after SIGTERM: limits for a hang, not measurements. */
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/**
 * What is started: the demo, or where OKIENKO_SHAPE is `roles` or `cluster` an installation with one or two processes of
 * each role, by the program that OKIENKO_CLUSTER names. Both print their address first and take the same options.
 */
function shape() {
  const { OKIENKO_SHAPE: wanted = 'demo', OKIENKO_BIN, OKIENKO_CLUSTER } = process.env;
  const shapes = {
    demo: { program: OKIENKO_BIN, first: ['demo'] },
    roles: { program: OKIENKO_CLUSTER, first: ['--replicas', '1'] },
    cluster: { program: OKIENKO_CLUSTER, first: ['--replicas', '2'] },
  };
  if (!shapes[wanted]) throw new Error(`OKIENKO_SHAPE is ${wanted}: write demo, roles or cluster`);
  return shapes[wanted];
}

/** Starts the program on an empty data folder and a free port; resolves when it is ready. */
export async function startDemo({ clock = MORNING, program, args = [] } = {}) {
  const chosen = shape();
  program ??= chosen.program;
  if (!program) throw new Error('OKIENKO_BIN must name the okienko program; `cargo xtask test` sets it');
  const data = await mkdtemp(join(tmpdir(), 'okienko-browser-'));
  const line = [...chosen.first, '--data', data, '--listen', '127.0.0.1:0', '--clock', clock, ...args];
  const child = spawn(program, line, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const said = [];
  const keep = (text) => {
    said.push(text);
    if (said.length > 200) said.shift();
  };
  createInterface({ input: child.stderr }).on('line', keep);
  const ended = new Promise((resolve) => {
    child.once('error', (fault) => resolve(`cannot start ${program}: ${fault.message}`));
    child.once('exit', (code, signal) => resolve(`ended with ${code ?? signal}`));
  }).finally(() => running.delete(child));
  const stop = async () => {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(kill);
    await rm(data, { recursive: true, force: true });
  };

  const address = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      keep(text);
      const found = text.match(/http:\/\/[^\s/"'<>]+/);
      if (found) resolve(found[0]);
    });
  });
  const failed = ended.then((how) => Promise.reject(new Error(`the demo ${how}\n${said.join('\n')}`)));
  failed.catch(() => {});
  const late = new AbortController();
  const limit = pause(START_LIMIT_MS, undefined, { signal: late.signal }).then(
    () => Promise.reject(new Error(`the demo is not ready after ${START_LIMIT_MS} ms\n${said.join('\n')}`)),
    () => {},
  );
  try {
    const base = await Promise.race([address, failed, limit]);
    await Promise.race([ready(base, late.signal), failed, limit]);
    return { base, data, pid: child.pid, said, stop };
  } catch (fault) {
    await stop();
    throw fault;
  } finally {
    late.abort();
  }
}

async function ready(base, signal) {
  while (!signal.aborted) {
    const answer = await fetch(`${base}/readyz`, { signal }).catch(() => undefined);
    if (answer?.ok) return;
    await pause(50);
  }
}

/** Starts the demo and the browser together. `demo` may be one that runs already; it is then left running. */
export async function open({ demo, ...options } = {}) {
  const own = demo ? undefined : await startDemo(options);
  try {
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: CHROMIUM_ARGS,
    });
    return new House(demo ?? own, browser, own);
  } catch (fault) {
    await own?.stop();
    throw fault;
  }
}

/** A running demo seen through a browser. */
class House {
  /** What went wrong on pages and was not expected: `{ page, kind, text }`. */
  faults = [];
  #browser;
  #own;

  constructor(demo, browser, own) {
    this.demo = demo;
    this.base = demo.base;
    this.#browser = browser;
    this.#own = own;
  }

  /**
   * A page of a fresh person: own cookies, own storage.
   * `js` false switches scripts off; `viewport` is `{ width, height }`; `from` is the address that the person comes
   * from (the demo trusts X-Forwarded-For from loopback); `expected` lists patterns of faults that this test wants,
   * such as /status of 422/ where it sends a form with a mistake.
   */
  async newPage({ js = true, viewport = { width: 1280, height: 800 }, locale = 'pl-PL', from, token, expected = [] } = {}) {
    const headers = {};
    if (from) headers['X-Forwarded-For'] = from;
    if (token) headers.Authorization = `Bearer ${token}`;
    const context = await this.#browser.newContext({
      javaScriptEnabled: js,
      viewport,
      locale,
      timezoneId: 'Europe/Warsaw',
      reducedMotion: 'reduce',
      extraHTTPHeaders: headers,
    });
    const page = await context.newPage();
    this.#watch(page, expected);
    return page;
  }

  #watch(page, expected) {
    const fault = (kind, text) => {
      if (!expected.some((pattern) => pattern.test(text))) this.faults.push({ page: page.url(), kind, text });
    };
    page.on('console', (message) => {
      const text = `${message.text()} (${message.location().url})`;
      if (/content security policy/i.test(text)) fault('csp', text);
      else if (message.type() === 'error') fault('console', text);
    });
    page.on('pageerror', (error) => fault('script', error.stack ?? String(error)));
    page.on('crash', () => fault('crash', 'the page crashed'));
    page.on('request', (request) => {
      const url = request.url();
      const inside = url.startsWith(`${this.base}/`) || /^(data|blob|about):/.test(url);
      if (!inside) fault('outside', `asks another host: ${url}`);
    });
  }

  /** The messages that the demo sent to a phone or mail address, newest last. */
  async outbox(to) {
    const { messages } = await this.#json(`/dev/outbox?to=${encodeURIComponent(to)}`);
    return messages;
  }

  /** Moves domain time by an ISO 8601 duration (`PT15M`); resolves when all that fell due is done and on screens. */
  async clock(advance) {
    const body = JSON.stringify({ advance });
    const { now } = await this.#json('/dev/clock', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return now;
  }

  async #json(path, options) {
    const answer = await fetch(`${this.base}${path}`, options);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** A bearer token of the demo's own key, as `okienko token` prints it. */
  async token(line) {
    const args = ['token', '--data', this.demo.data, ...line];
    const { stdout } = await promisify(execFile)(process.env.OKIENKO_BIN, args);
    return stdout.trim();
  }

  /** A POST of the API; the answer's body. */
  async post(path, body, token) {
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    return this.#json(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Prints a page to paper: how many sheets. Kept as a PDF beside the pictures where PRINTS names a folder. */
  async print(page, name) {
    const pdf = await page.pdf({ format: 'A4', printBackground: false, preferCSSPageSize: true });
    const folder = process.env.PRINTS;
    if (folder) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${name}.pdf`), pdf);
    }
    return { pages: pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length };
  }

  /** Throws when a page is wider than its window: on a phone it would have to be pushed about to be read. */
  async fits(page) {
    const [wide, window, what] = await page.evaluate(() => {
      const room = document.documentElement.clientWidth;
      const over = [...document.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > room + 1);
      const names = over.slice(0, 5).map((it) => `${it.tagName}.${it.className} ${it.textContent.trim().slice(0, 40)}`);
      return [document.documentElement.scrollWidth, room, names.join(' | ')];
    });
    if (wide > window) throw new Error(`${page.url()} is ${wide} px wide in ${window} px: ${what}`);
  }

  /** Looks whether the page fits its window, and saves a picture of all of it where PICTURES names a folder. */
  async picture(page, name) {
    await this.fits(page);
    const folder = process.env.PICTURES;
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    // The line of a held hour sticks to the window's end: in a window as tall as the page it covers nothing.
    const window = page.viewportSize();
    const sticks = await page.locator('.hold').count();
    if (sticks) await page.setViewportSize({ width: window.width, height: await page.evaluate(() => document.body.scrollHeight) });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, animations: 'disabled' });
    if (sticks) await page.setViewportSize(window);
  }

  /** Throws when a page had a fault since the last call. */
  check() {
    const faults = this.faults.splice(0);
    if (faults.length === 0) return;
    const lines = faults.map(({ page, kind, text }) => `${kind} on ${page}: ${text}`);
    throw new Error(`${faults.length} faults on pages\n${lines.join('\n')}`);
  }

  /** Ends browser and demo, then throws when a page had a fault. */
  async close() {
    await this.#browser.close();
    await this.#own?.stop();
    this.check();
  }
}
