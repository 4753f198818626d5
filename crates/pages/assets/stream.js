// stream.js: server-sent events read with fetch, because EventSource hides the pings that prove a line is alive.
// Imported by other scripts; pages never name it. The same file is the worker in which a browser keeps its lines.
//
// openStream(url, { lastId, onEvent(name, data, id), onAlive(), onAge(seconds), onAsk() }) keeps a stream open for ever: it comes back
// after 1, 2, 4, … at most 8 s (with some chance in it, so that a hundred screens do not come back at once), sends
// Last-Event-ID, and gives up a line that was silent for 12 s. onAlive runs at every byte, pings too;
// onAge after it, when the server says that nothing newer than so many seconds can be had; onAsk when the page is to ask for the
// present state by itself, because what it lacks cannot be told.
// Returns { close() }.
//
// Over plain HTTP a browser has six connections to a server for all its tabs, and one page too many hangs them all. So a browser has
// one line for each address, whatever number of pages look at it, and MOST lines at most: for further addresses pages ask. The lines
// live in a shared worker; where there is none (older Android) in the page that holds a lock, which the others hear over a channel;
// where there is neither, each page has its own.

const SILENCE_MS = 12000;
/** Lines of one browser: of six connections, two are left for all else. */
const MOST = 4;
/** Between two questions of a page that has no line. */
const ASK_MS = 3000;
/** Events that are kept for pages that come a moment later than the line. */
const KEPT = 64;
/** A page says that it is there; tabs that are not seen may do so once a minute. */
const HERE_MS = 20000;
const GONE_MS = 180000;
/** Without a word for so long the worker is taken for dead. */
const DEAD_MS = 20000;

// One line of its own to the server.
function line(url, { lastId = null, onEvent, onAlive = () => {}, onAge = () => {} }) {
  let id = lastId;
  let closed = false;
  let pause = 1000;
  let abort = null;

  async function listen() {
    abort = new AbortController();
    let watch = setTimeout(() => abort.abort(), SILENCE_MS);
    const alive = () => {
      clearTimeout(watch);
      watch = setTimeout(() => abort.abort(), SILENCE_MS);
      onAlive();
    };
    try {
      const headers = { accept: 'text/event-stream' };
      if (id !== null) headers['last-event-id'] = String(id);
      const answer = await fetch(url, { headers, signal: abort.signal, cache: 'no-store' });
      if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
      pause = 1000;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        alive();
        const frames = (rest + value).replace(/\r\n?/g, '\n').split('\n\n');
        rest = frames.pop();
        frames.forEach(take);
      }
    } finally {
      clearTimeout(watch);
    }
  }

  function take(frame) {
    let name = 'message';
    let data = null;
    for (const line of frame.split('\n')) {
      // Nothing newer can be had: how many seconds old the last is.
      if (line.startsWith(': age ')) onAge(Number(line.slice(6)) || 0);
      const at = line.indexOf(':');
      const key = at < 0 ? line : line.slice(0, at);
      const value = at < 0 ? '' : line.slice(at + 1).replace(/^ /, '');
      if (key === 'event') name = value;
      if (key === 'id' && value !== '') id = value;
      if (key === 'data') data = data === null ? value : `${data}\n${value}`;
    }
    if (data === null) return;
    let read;
    try { read = JSON.parse(data); } catch { return; }
    onEvent(name, read, id);
  }

  (async () => {
    while (!closed) {
      await listen().catch(() => {});
      if (closed) return;
      await new Promise((go) => setTimeout(go, pause * (0.7 + Math.random() * 0.6)));
      pause = Math.min(pause * 2, 8000);
    }
  })();

  return { close() { closed = true; abort?.abort(); } };
}

// The lines of a browser, each for all pages that want it. A listener is a function that takes what the page is told:
// {event: [name, data, id]}, {alive}, {age}, {ask}.
class Lines {
  #lines = new Map();

  join(url, lastId, tell) {
    let here = this.#lines.get(url);
    if (!here) {
      here = { listeners: new Set(), kept: [], from: lastId, last: lastId, line: null, asks: null };
      this.#lines.set(url, here);
      this.#open(url, here);
    } else {
      this.#catchUp(here, lastId, tell);
    }
    here.listeners.add(tell);
    if (!here.line) tell({ ask: true });
  }

  leave(url, tell) {
    const here = this.#lines.get(url);
    if (!here?.listeners.delete(tell) || here.listeners.size) return;
    here.line?.close();
    clearInterval(here.asks);
    this.#lines.delete(url);
    // A place is free: the first that had none gets it.
    for (const [other, waits] of this.#lines) {
      if (!waits.line) return this.#open(other, waits);
    }
  }

  #open(url, here) {
    const all = (word) => here.listeners.forEach((tell) => tell(word));
    if ([...this.#lines.values()].filter((other) => other.line).length >= MOST) {
      here.asks ??= setInterval(() => all({ ask: true }), ASK_MS);
      return;
    }
    clearInterval(here.asks);
    here.asks = null;
    here.line = line(url, {
      lastId: here.last,
      onAlive: () => all({ alive: true }),
      onAge: (seconds) => all({ age: seconds }),
      onEvent: (name, data, id) => {
        here.kept.push([name, data, id]);
        if (here.kept.length > KEPT) here.from = here.kept.shift()[2];
        here.last = id;
        all({ event: [name, data, id] });
      },
    });
  }

  // What has come between the page's own answer and now; where that is not known, it asks once more.
  #catchUp(here, lastId, tell) {
    if (here.last === null || lastId === here.last) return;
    const [from, seen] = [readNumber(here.from), readNumber(lastId)];
    const known = lastId !== null && here.from !== null && from.life === seen.life && compareNumbers(from, seen) <= 0;
    if (!known) return tell({ ask: true });
    for (const event of here.kept) if (compareNumbers(readNumber(event[2]), seen) > 0) tell({ event });
  }
}

// In the worker: a port for each page.
if (typeof SharedWorkerGlobalScope !== 'undefined' && globalThis instanceof SharedWorkerGlobalScope) {
  const lines = new Lines();
  globalThis.onconnect = ({ ports: [port] }) => {
    let wanted = null;
    let heard = Date.now();
    const tell = (word) => port.postMessage(word);
    const leave = () => {
      if (wanted) lines.leave(wanted, tell);
      wanted = null;
    };
    // A page that has crashed says no goodbye.
    setInterval(() => { if (Date.now() - heard > GONE_MS) leave(); }, HERE_MS);
    port.onmessage = ({ data }) => {
      heard = Date.now();
      if (data.leave) return leave();
      // After a sleep the page was taken for gone: it says each time what it wants.
      if (wanted) tell({ here: true });
      else lines.join(wanted = data.url, data.lastId, tell);
    };
    port.start();
  };
}

// In a page: what it is told becomes calls.
function listener({ onEvent, onAlive = () => {}, onAge = () => {}, onAsk = () => {} }) {
  const seen = { id: null };
  return {
    seen,
    tell(word) {
      if (word.alive) onAlive();
      if (word.age !== undefined) onAge(word.age);
      if (word.ask) onAsk();
      if (word.event) {
        seen.id = word.event[2] ?? seen.id;
        onEvent(...word.event);
      }
    },
  };
}

export function openStream(url, options) {
  const address = new URL(url, location.href).href;
  const { seen, tell } = listener(options);
  seen.id = options.lastId ?? null;
  let close = () => {};
  let open = 'none';

  const own = () => {
    open = 'own';
    const mine = line(address, { ...options, lastId: seen.id });
    close = () => mine.close();
  };

  // One of the pages has the line, and gives it up with its lock when it ends.
  const elected = () => {
    open = 'elected';
    const channel = new BroadcastChannel(`okienko ${address}`);
    const ended = new AbortController();
    let others = () => {};
    channel.onmessage = ({ data }) => (data.hello ? others(data) : data.word && tell(data.word));
    navigator.locks.request(`okienko ${address}`, { signal: ended.signal }, () => new Promise((free) => {
      const lines = new Lines();
      const all = (word) => { tell(word); channel.postMessage({ word }); };
      lines.join(address, seen.id, all);
      // Whoever comes later asks for what they lack.
      others = () => channel.postMessage({ word: { ask: true } });
      ended.signal.addEventListener('abort', () => { lines.leave(address, all); free(); });
    })).catch(() => {});
    channel.postMessage({ hello: true });
    close = () => { ended.abort(); channel.close(); };
  };

  const shared = () => {
    open = 'shared';
    const worker = new SharedWorker(import.meta.url, { type: 'module', name: 'okienko-lines' });
    const port = worker.port;
    let heard = performance.now();
    const end = () => {
      clearInterval(beat);
      port.postMessage({ leave: true });
      port.close();
    };
    const instead = () => { end(); next(); };
    const beat = setInterval(() => {
      if (performance.now() - heard > DEAD_MS + HERE_MS) return instead();
      port.postMessage({ url: address, lastId: seen.id });
    }, HERE_MS);
    worker.onerror = instead;
    port.onmessage = ({ data }) => { heard = performance.now(); tell(data); };
    port.postMessage({ url: address, lastId: seen.id });
    close = end;
  };

  // The best that there is and that works here.
  const next = () => {
    const ways = [
      ['shared', typeof SharedWorker === 'function', shared],
      ['elected', Boolean(navigator.locks) && typeof BroadcastChannel === 'function', elected],
      ['own', true, own],
    ];
    const after = ways.findIndex(([name]) => name === open) + 1;
    for (const [, there, begin] of ways.slice(after)) {
      if (!there) continue;
      try { return begin(); } catch { /* not allowed here: the next one */ }
    }
  };

  next();
  // A page in the browser's memory has no line; it comes back for what it has missed.
  addEventListener('pagehide', () => { close(); close = () => {}; });
  addEventListener('pageshow', (event) => { if (event.persisted) { open = 'none'; next(); } });
  return { close() { close(); close = () => {}; } };
}

// A hall's numbers: "<life>-<seq>" in the id of an event, {life, seq} in answers. After a restored backup a new life begins, and its
// lower numbers count. What tells no life is of the one that is known: it comes from a replica of before there were lives.
export function readNumber(id) {
  const [seq, life] = String(id ?? '').split('-').reverse().map(Number);
  return { life: life || 0, seq: seq || 0 };
}

export function writeNumber({ life, seq }) {
  return life ? `${life}-${seq}` : String(seq);
}

// Greater than 0 when the first is later.
export function compareNumbers(a, b) {
  return (a.life && b.life && a.life - b.life) || a.seq - b.seq;
}

// The hour of an instant in the office's zone: "14:05".
export function clockTime(at, zone) {
  return new Intl.DateTimeFormat('pl-PL', { hour: '2-digit', minute: '2-digit', timeZone: zone || undefined }).format(at);
}

// Puts values into a text of the server: fill('Dane z {time}', { time: '10:42' }).
export function fill(text, values) {
  return (text || '').replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

// A wait in words: `text` gives one of Range, Soon, Hours, Long. The same bounds as in screens.rs.
export function rangeText(text, low, high) {
  if (!low) return fill(text('Soon'), { high });
  if (low < 90) return fill(text('Range'), { low, high });
  if (low < 240) return fill(text('Hours'), { low: Math.floor(low / 60), high: Math.ceil(high / 60) });
  return fill(text('Long'), { low: 4 });
}

// Picks the text for a number: the element holds <template data-<name>="one|few|many|other|0"> children with {n}.
export function plural(root, name, n, language) {
  const find = (form) => root.querySelector(`template[data-${name}="${form}"]`)?.innerHTML;
  const form = new Intl.PluralRules(language).select(n);
  return fill(find(String(n)) ?? find(form) ?? find('other') ?? '{n}', { n });
}
