// A stage for the scripts of all pages: pages with the markup that they ask for, and a hall that says what a test wants,
// over plain HTTP/1.1 as in an office's own network. Knows no program; that the program's pages have this markup is shown by the
// walks through the demo.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { open } from './lib.mjs';

const ASSETS = ['crates/pages', 'services/queue', 'services/display', 'services/booking/frame']
  .map((folder) => fileURLToPath(new URL(`../../${folder}/assets/`, import.meta.url)));
/** An asset, from wherever it lies. */
const asset = (name) => Promise.any(ASSETS.map((folder) => readFile(folder + name)));
/** As `crates/web` sends it. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; worker-src 'self'";

const page = (script, body) => `<!doctype html><html lang="pl"><link rel="icon" href="data:,"><script type="module" src="/assets/${script}"></script>${body}`;
const hallAt = (name) => `data-hall data-zone="Europe/Warsaw" data-snapshot="/api/${name}" data-events="/api/${name}/events" data-text-stale="Dane z {time}"`;

const PAGES = {
  hall: (name) => page('hall.js', `<main ${hallAt(name)} data-text-recall="{n}." data-text-call="{ticket} {counter}" data-text-nobody="nikogo jeszcze" data-text-between="teraz nikogo">
    <p role="status" data-live></p><div class="hall-last"><p data-last-empty></p><b data-last data-last-ticket></b><b data-last data-last-counter></b><i data-last data-last-attempt></i></div>
    <ul data-earlier></ul><ul data-waiting></ul><p data-waiting-empty></p><p data-waiting-total></p><p data-ranges></p><p data-more></p>
    <p data-date></p><p data-stale hidden></p>
    <template data-call-row><li><span class="no"></span><small></small><span class="to"></span></li></template>
    <template data-waiting-row><li><span class="name"></span><span class="count"></span><span class="next"></span><span class="range"></span></li></template></main>`),
  counter: (name, number) => page('hall.js', `<main ${hallAt(name)} data-counter="${number}" data-text-free="wolne" data-text-closed="zamknięte" data-text-paused="przerwa"><p data-shows></p><p data-stale hidden></p></main>`),
  ticket: (name) => page('ticket.js', `<main data-ticket data-api="/api/${name}/ticket" data-events="/api/${name}/ticket/events" data-zone="Europe/Warsaw" data-state="waiting" data-text-stale="Dane z {time}" data-text-range="{low}–{high} min" data-text-soon="do {high} min" data-text-hours="{low}–{high} godz." data-text-long="ponad {low} godz." data-text-nobody="nikt">
    <b data-number>A001</b><p data-sentence></p><p data-wait></p><p data-counter-no></p><p data-stale hidden></p>
    <template data-state-text="called">Podejdź</template><template data-state-text="served">Koniec</template><template data-ahead="other">Przed Tobą {n}</template></main>`),
  hold: (seconds) => page('hold.js', `<div data-hold="${seconds}" data-line="jeszcze {time}" data-over="Czas minął"><p data-hold-line></p><p data-hold-live></p></div>`),
  kiosk: (language) => page('kiosk.js', `<div data-kiosk data-home="/kiosk/pl?lang=pl"><button data-low>niżej</button><dialog data-still-there><button data-stay>tak</button></dialog><form data-scan data-digits="8"><input type="hidden" name="scanned"><input type="hidden" name="typed"><input type="hidden" name="service"></form></div>`).replace('lang="pl"', `lang="${language}"`),
};

/** A hall: its snapshot, and whoever listens to it. */
class Hall {
  listeners = new Set();
  connected = 0;
  lastIds = [];
  snapshot = { life: 1, seq: 1, calls: [], waiting: [], counters: [] };
  ticket = { life: 1, seq: 1, state: 'waiting', number: 'A001', ahead: 2, expected_wait: null };

  /** Sends an event to all who listen. */
  send(name, id, data) {
    for (const to of this.listeners) to.write(`event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  /** The board moves on: what is asked and what is heard are the same. */
  board(name, snapshot) {
    this.snapshot = { ...this.snapshot, ...snapshot };
    const { life, seq } = this.snapshot;
    const data = name === 'call' ? { ...this.snapshot.calls[0], board: this.snapshot } : this.snapshot;
    this.send(name, life ? `${life}-${seq}` : seq, data);
  }
}

/** A call on a board. */
export const call = (ticket, counter, state = 'called', at = '2026-12-01T09:00:00+01:00', attempt = 1) => ({ ticket, counter, state, at, attempt });

/** The stage with a browser before it. */
export async function stage() {
  const halls = new Map();
  const hall = (name) => {
    if (!halls.has(name)) halls.set(name, new Hall());
    return halls.get(name);
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://stage');
    const [, first, name, ...rest] = pathname.split('/');
    const send = (type, body) => response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY, 'cache-control': 'no-store' }).end(body);
    if (first === 'assets') return send('text/javascript', await asset(name));
    if (PAGES[first]) return send('text/html; charset=utf-8', PAGES[first](name, ...rest));
    if (first === 'healthz') return response.writeHead(200).end();
    if (first !== 'api') return response.writeHead(404).end();
    const here = hall(name);
    if (!rest.includes('events')) return send('application/json', JSON.stringify(rest.includes('ticket') ? here.ticket : here.snapshot));
    here.connected += 1;
    here.lastIds.push(request.headers['last-event-id'] ?? null);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(': ping\n\n');
    const pings = setInterval(() => response.write(': ping\n\n'), 2000);
    here.listeners.add(response);
    request.on('close', () => { clearInterval(pings); here.listeners.delete(response); });
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const house = await open({ demo: { base: `http://127.0.0.1:${server.address().port}` } });
  return {
    house,
    hall,
    async close() {
      try {
        await house.close();
      } finally {
        // Also where a page had a fault: what still listens would keep the whole run waiting.
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/** In a page before its scripts: the machine can be put to sleep, which stops the steady clock and not the one on the wall. */
export const CAN_SLEEP = () => {
  const wall = Date.now.bind(Date);
  globalThis.slept = 0;
  Date.now = () => wall() + globalThis.slept;
};

/** Waits until `look` gives what is wanted; fails with what it gave instead. */
export async function becomes(look, wanted, what = '', limit = 15_000) {
  const end = Date.now() + limit;
  let last;
  do {
    last = await look();
    if (JSON.stringify(last) === JSON.stringify(wanted)) return;
    await new Promise((go) => { setTimeout(go, 50); });
  } while (Date.now() < end);
  throw new Error(`${what}: ${JSON.stringify(last)} instead of ${JSON.stringify(wanted)}`);
}
