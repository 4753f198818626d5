// hall.js: the screen of a hall and the screen of one counter. The markup comes from screens::hall, screens::counter.
//   [data-hall] [data-snapshot=url] [data-events=url] [data-seq=n] [data-zone=IANA]
//               [data-text-nobody], [data-text-between]: nobody was called yet; nobody is called now
//               [data-text-stale="… {time} …"] [data-text-recall="{n}. …"] [data-text-call="{ticket} {counter}"]
//     .hall-last [data-last-ticket] [data-last-counter] [data-last-attempt], [data-last-empty] without any;
//        .long if number and counter need smaller letters
//     [data-earlier]      list; template[data-call-row] holds .no, small, .to
//     [data-waiting]      list; template[data-waiting-row] holds .name, .count, .next (the next six numbers), .range;
//                         [data-waiting-total]; [data-waiting-empty] shown while nobody waits
//     [data-ranges]       the wait of a new ticket: once if it is the same for all [data-text-range="… {low} … {high}"]
//                         [data-text-soon="… {high}"] [data-text-hours] [data-text-long="… {low}"], otherwise
//                         [data-text-ranges], and each row has its own [data-text-range-short] [data-text-soon-short];
//                         [data-more] says how many wait in rows that do not fit [data-text-more="… {n}"]
//     [data-clock="own|data"]  office time, by the screen or (demo) the snapshot's `now`; [data-date]
//        [data-stale] hidden until the data is older than 10 s
//     [data-sound]        button, hidden while the page may play sound; absent if the hall has no announcements
//     [data-live]         role=status, announces each new call to screen readers
//   [data-hall][data-counter="3"] is a counter's screen: [data-shows], texts data-text-free, -closed, -paused
// Snapshot: {life, seq, at, now?, calls:[{ticket,counter,attempt,state,at}],
// waiting:[{service,name,waiting,tickets:[…],low_min?,high_min?}], counters:[{counter,state,ticket?}]}.
// Events: `call` {ticket,counter,attempt,at,announce:{text,audio},board?}, with the resulting snapshot; `board` and
// `snapshot` carry a whole snapshot; any other event, or a gap in the ids, makes the screen request the snapshot. Data
// of a later life counts, whatever its number.

import { every, passed } from './clock.js';
import { clockTime, compareNumbers, fill, openStream, rangeText, readNumber, writeNumber } from './stream.js';

const root = document.querySelector('[data-hall]');
const at = (name) => root.querySelector(`[data-${name}]`);
const own = root.dataset.counter;
// In a demo the office's time differs from this screen's: the server provides it.
const demo = at('clock')?.dataset.clock === 'data';
let board = { life: 0, seq: Number(root.dataset.seq || 0), calls: [], waiting: [], counters: [] };
let known = false;
let heard = passed();
let fresh = Date.now();
let asking = null;
let shown = '';
let told = new Set();
let newest = { life: 0, seq: 0 };
let announced = { life: 0, seq: 0 };
let hour = NaN;

async function ask() {
  asking ??= (async () => {
    try {
      const answer = await fetch(root.dataset.snapshot, { cache: 'no-store' });
      if (!answer.ok) return;
      const now = await answer.json();
      take(now);
      aged(now.age_s || 0);
    } catch { /* the strip says it */ } finally { asking = null; }
    // Events that arrived while the request was under way may not be in its answer.
    if (compareNumbers(newest, board) > 0) setTimeout(ask, 300);
  })();
  return asking;
}

function take(snapshot) {
  if (known && compareNumbers(snapshot, board) < 0) return;
  const anew = snapshot.life && board.life && snapshot.life !== board.life;
  board = { ...snapshot, life: snapshot.life || board.life };
  if (snapshot.now) hour = Date.parse(snapshot.now);
  else if (demo && snapshot.at) hour = Math.max(hour || 0, Date.parse(snapshot.at));
  // Earlier calls are not announced again.
  if (!known || anew) announced = { life: board.life, seq: board.seq };
  draw();
  known = true;
}

function alive() {
  heard = passed();
  fresh = demo ? hour : Date.now();
}

// The data is this many seconds old, although the server answers.
function aged(seconds) {
  alive();
  heard -= seconds * 1000;
  fresh -= seconds * 1000;
}

function heardEvent(name, data, id) {
  const number = readNumber(id);
  if (compareNumbers(number, newest) > 0) newest = number;
  if (name === 'board' || name === 'snapshot') return take(data);
  // A call is announced once, even if the snapshot showed it before the stream was back.
  if (name === 'call' && compareNumbers(number, announced) > 0) {
    announced = { life: number.life || announced.life, seq: number.seq };
    // A missed call comes without a board; it is announced while it is still recent.
    const now = demo ? hour : Date.now();
    if (data.board || !(now - Date.parse(data.at) > old)) announce(data.announce);
    // Also for the second call of the same ticket: somebody who missed the first must see this one.
    if (own === String(data.counter)) pulse(at('shows'));
  }
  if (known && compareNumbers(number, board) <= 0) return;
  if (data.board) return take(data.board);
  const follows = compareNumbers(number, { ...board, seq: board.seq + 1 }) === 0;
  if (name !== 'call' || !follows) return void ask();
  board.seq = number.seq;
  board.calls = [{ ...data, state: 'called' }, ...board.calls];
  board.counters = board.counters.map((c) => (c.counter === data.counter ? { ...c, state: 'called', ticket: data.ticket } : c));
  draw();
  // Waiting list and counters changed with the call; their data may follow a moment later.
  setTimeout(ask, 300);
}

function draw() {
  if (own) return drawCounter();
  // Each ticket appears once, with its latest call. Large is the newest one still called or served: tickets that were
  // served, removed or did not come are among the earlier ones.
  const newest = board.calls.filter((call, i, all) => all.findIndex((c) => c.ticket === call.ticket) === i);
  const last = newest.find((call) => call.state === 'called' || call.state === 'serving');
  const rest = newest.filter((call) => call !== last);
  const key = (call) => `${call.ticket}/${call.counter}/${call.at}`;
  at('last-empty').hidden = Boolean(last);
  at('last-empty').textContent = newest.length ? root.dataset.textBetween : root.dataset.textNobody;
  for (const part of root.querySelectorAll('[data-last]')) part.hidden = !last;
  if (last) {
    at('last-ticket').textContent = last.ticket;
    at('last-counter').textContent = last.counter;
    root.querySelector('.hall-last').classList.toggle('long', `${last.ticket}${last.counter}`.length > 6);
    at('last-attempt').textContent = last.attempt > 1 ? fill(root.dataset.textRecall, { n: last.attempt }) : '';
  }
  // A call that becomes large again because a later one has ended is not new.
  if (known && last && !told.has(key(last))) {
    pulse(root.querySelector('.hall-last'));
    at('live').textContent = fill(root.dataset.textCall, last);
  }
  told = new Set(board.calls.map(key));
  rows(at('earlier'), at('call-row'), rest.slice(0, 6), (row, call) => {
    row.dataset.state = call.state;
    row.querySelector('.no').textContent = call.ticket;
    row.querySelector('small').textContent = call.attempt > 1 ? fill(root.dataset.textRecall, { n: call.attempt }) : '';
    row.querySelector('.to').textContent = call.counter;
  });
  const waiting = board.waiting.filter((line) => line.waiting > 0);
  at('waiting-empty').hidden = waiting.length > 0;
  const same = (line) => line.high_min && line.high_min === waiting[0].high_min && line.low_min === waiting[0].low_min;
  const common = waiting.length > 0 && waiting.every(same);
  rows(at('waiting'), at('waiting-row'), waiting, (row, line) => {
    row.querySelector('.name').textContent = line.name ?? line.service;
    row.querySelector('.count').textContent = line.waiting;
    row.querySelector('.next').replaceChildren(...(line.tickets ?? []).slice(0, 6).flatMap((number) => {
      const one = document.createElement('span');
      one.textContent = number;
      return [one, ' '];
    }));
    row.querySelector('.range').textContent = common ? '' : range(line, 'Short');
  });
  at('waiting-total').textContent = waiting.reduce((sum, line) => sum + line.waiting, 0);
  const some = waiting.some((line) => line.high_min) ? root.dataset.textRanges : '';
  at('ranges').textContent = common ? range(waiting[0], '') : some;
  whole(waiting);
}

// The wait of a new ticket in this row, in words.
function range({ low_min: low, high_min: high }, size) {
  return high ? rangeText((name) => root.dataset[`text${name}${size}`], low, high) : '';
}

// Rows that do not fit completely are hidden by the layout; their waiting visitors are summed up in one line.
function whole(waiting) {
  const list = at('waiting');
  const more = at('more');
  const out = () => {
    const room = list.getBoundingClientRect();
    const inside = (row) => {
      const { right, bottom } = row.getBoundingClientRect();
      return right <= room.right + 1 && bottom <= room.bottom + 1;
    };
    return [...list.children].map((row, at) => (inside(row) ? 0 : waiting[at].waiting)).reduce((a, b) => a + b, 0);
  };
  more.textContent = '';
  // The line itself takes room: its number includes the rows that it displaces.
  for (let n = out(), tries = 0; n > 0 && tries < 3; tries += 1) {
    more.textContent = fill(root.dataset.textMore, { n });
    const now = out();
    if (now === n) break;
    n = now;
  }
}

function drawCounter() {
  const mine = board.counters.find((c) => String(c.counter) === own);
  const state = mine?.state ?? 'closed';
  const ticket = mine?.ticket ?? '';
  const text = { free: 'textFree', closed: 'textClosed', paused: 'textPaused' }[state];
  root.dataset.state = state;
  at('shows').textContent = text ? root.dataset[text] : ticket;
  // A call for which no event arrived.
  if (known && ticket && ticket !== shown && state === 'called' && !at('shows').classList.contains('pulse')) pulse(at('shows'));
  shown = ticket;
}

function rows(list, template, items, put) {
  list.replaceChildren(...items.map((item) => {
    const row = template.content.firstElementChild.cloneNode(true);
    put(row, item);
    return row;
  }));
}

function pulse(element) {
  element.classList.remove('pulse');
  void element.offsetWidth;
  element.classList.add('pulse');
}

// One announcement at a time: chime, voice, silence, then the next. An announcement that could not be played for a
// minute is dropped. Without permission to play (kiosks: chromium --autoplay-policy=no-user-gesture-required) a button
// asks for it.
const old = 60000;
const silence = 600;
const voices = [];
let speaking = false;
const switchOn = at('sound');

function announce(said) {
  if (own || !said) return;
  voices.push({ said, since: passed() });
  if (!speaking) speakAll();
}

async function speakAll() {
  speaking = true;
  while (voices.length) {
    const next = voices[0];
    if (passed() - next.since <= old) {
      if (!(await play('/audio/chime.wav'))) break;
      if (next.said.audio) await play(next.said.audio);
      await wait(silence);
    }
    voices.shift();
  }
  speaking = false;
}

// Returns false if this browser does not let the page play yet; a sound that cannot be loaded is skipped.
async function play(url) {
  const sound = new Audio(url);
  const over = new Promise((done) => { sound.onended = sound.onerror = done; });
  try {
    await Promise.race([sound.play(), wait(8000)]);
  } catch (error) {
    if (error.name !== 'NotAllowedError') return true;
    allowed(false);
    return false;
  }
  allowed(true);
  await Promise.race([over, wait(15000)]);
  return true;
}

function allowed(yes) { if (switchOn) switchOn.hidden = yes; }

if (switchOn) {
  // Checked before the first call, so that no call is silent.
  const probe = new AudioContext();
  setTimeout(() => { if (probe.state === 'suspended' && !speaking) allowed(false); probe.close(); }, 500);
  switchOn.addEventListener('click', () => {
    allowed(true);
    if (voices.length) { if (!speaking) speakAll(); } else play('/audio/chime.wav');
  });
}

function wait(ms) { return new Promise((go) => setTimeout(go, ms)); }

let ticks = 0;
function tick() {
  const stale = at('stale');
  const silent = passed() - heard > 10000;
  if (stale) {
    stale.hidden = !silent;
    if (silent && !Number.isNaN(fresh)) stale.textContent = fill(root.dataset.textStale, { time: clockTime(fresh, root.dataset.zone) });
  }
  const clock = at('clock');
  const time = demo ? hour : Date.now();
  if (clock && !Number.isNaN(time)) {
    clock.textContent = clockTime(time, root.dataset.zone);
    const how = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: root.dataset.zone || undefined };
    at('date').textContent = new Intl.DateTimeFormat(document.documentElement.lang, how).format(time);
  }
  ticks += 1;
  if (silent || (demo && ticks % 5 === 0)) ask();
}

ask().then(() => {
  openStream(root.dataset.events, { lastId: known ? writeNumber(board) : null, onEvent: heardEvent, onAlive: alive, onAge: aged, onAsk: ask });
});
every(1000, tick);
