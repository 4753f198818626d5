// stream.js: server-sent events read with fetch, because EventSource hides the pings that prove a line is alive.
// Imported by other scripts; pages never name it.
//
// openStream(url, { lastId, onEvent(name, data, id), onAlive(), onAge(seconds) }) keeps a stream open for ever: it comes back after
// 1, 2, 4, … at most 8 s (with some chance in it, so that a hundred screens do not come back at once), sends
// Last-Event-ID, and gives up a line that was silent for 12 s. onAlive runs at every byte, pings too;
// onAge after it, when the server says that nothing newer than so many seconds can be had.
// Returns { close() }.

const SILENCE_MS = 12000;

export function openStream(url, { lastId = null, onEvent, onAlive = () => {}, onAge = () => {} }) {
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

// The hour of an instant in the office's zone: "14:05".
export function clockTime(at, zone) {
  return new Intl.DateTimeFormat('pl-PL', { hour: '2-digit', minute: '2-digit', timeZone: zone || undefined }).format(at);
}

// Puts values into a text of the server: fill('Dane z {time}', { time: '10:42' }).
export function fill(text, values) {
  return (text || '').replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all));
}

// Picks the text for a number: the element holds <template data-<name>="one|few|many|other|0"> children with {n}.
export function plural(root, name, n, language) {
  const find = (form) => root.querySelector(`template[data-${name}="${form}"]`)?.innerHTML;
  const form = new Intl.PluralRules(language).select(n);
  return fill(find(String(n)) ?? find(form) ?? find('other') ?? '{n}', { n });
}
