// ticket.js: the e-ticket. The markup comes from screens::ticket.
//   [data-ticket] [data-api=url] [data-events=url] [data-zone] [data-text-stale="… {time} …"]
//     [data-text-range="… {low} … {high} …"] [data-text-hours="… {low} … {high} …"] [data-text-long="… {low} …"]
//     [data-text-soon="… {high} …"] if the lower bound is 0, [data-text-nobody] while no counter serves the service,
//     [data-text-first] while moreover nobody is ahead
//     [data-number]    its number; empty while it has none: the page reloads when it gets one
//     [data-sentence]  the one sentence; texts in template[data-state-text="called|serving|absent|served|missed|not_called|left|cancelled|expected|over"]
//                      and template[data-ahead="0|one|few|many|other"] with {n}
//     [data-wait] [data-counter-no] [data-stale]    [data-sound] button that enables sound (hidden without script)
// The API: {life, seq, state: waiting|called|serving|absent|served|missed|not_called|left|cancelled|expected|over, number?, ahead?, expected_wait:{low_min,high_min}|null, counter?}

import { every, passed } from './clock.js';
import { clockTime, compareNumbers, fill, openStream, plural, rangeText } from './stream.js';

const root = document.querySelector('[data-ticket]');
const at = (name) => root.querySelector(`[data-${name}]`);
const language = document.documentElement.lang;
let fresh = Date.now();
let heard = passed();
let state = root.dataset.state;
let sound = null;
let shown = { life: 0, seq: 0 };

function draw(ticket) {
  // A response requested before an event arrived is older than what is shown; one from a later life never is.
  if (compareNumbers(ticket, shown) < 0) return;
  shown = { life: ticket.life || shown.life, seq: ticket.seq ?? shown.seq };
  // The texts beside the number come from the server together with it.
  if (ticket.number && ticket.number !== at('number').textContent) return void location.reload();
  const text = root.querySelector(`template[data-state-text="${ticket.state}"]`)?.innerHTML;
  // One sentence across two lines: "4 people are ahead of you, about 15–25 minutes".
  const comma = ticket.expected_wait ? ',' : '';
  at('sentence').textContent = text ?? line(ticket, comma);
  at('wait').textContent = ticket.state === 'waiting' ? waitText(ticket.expected_wait) : '';
  at('counter-no').textContent = ticket.state === 'called' ? ticket.counter ?? '' : '';
  root.dataset.state = ticket.state;
  if (ticket.state === 'called' && state !== 'called') call();
  state = ticket.state;
}

// Nobody is told to be next while no counter is open for the service.
function line({ ahead = 0, expected_wait: wait }, comma) {
  return ahead === 0 && !wait ? root.dataset.textFirst : plural(root, 'ahead', ahead, language) + comma;
}

function waitText(wait) {
  if (!wait) return root.dataset.textNobody;
  return rangeText((name) => root.dataset[`text${name}`], wait.low_min, wait.high_min);
}

function call() {
  // Browsers refuse to vibrate, with a console warning, before the page has been touched.
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.([400, 200, 400, 200, 800]);
  if (!sound || sound.state !== 'running') return;
  [0, 0.5, 1].forEach((later) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const start = sound.currentTime + later;
    tone.frequency.value = 784;
    volume.gain.setValueAtTime(0.4, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.4);
    tone.connect(volume).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 0.45);
  });
}

let asking = false;
async function ask() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch(root.dataset.api, { cache: 'no-store' });
    if (answer.ok) {
      const now = await answer.json();
      draw(now);
      aged(now.age_s || 0);
    }
  } catch { /* the age of the data says it */ } finally { asking = false; }
}

function alive() { aged(0); }

// The data is this many seconds old, although the server answers.
function aged(seconds) {
  fresh = Date.now() - seconds * 1000;
  heard = passed() - seconds * 1000;
}

const button = at('sound');
if (button) {
  button.hidden = false;
  button.addEventListener('click', () => {
    sound = new AudioContext();
    navigator.wakeLock?.request('screen').catch(() => {});
    button.hidden = true;
  });
}

ask();
openStream(root.dataset.events, {
  onAlive: alive,
  onAge: aged,
  onAsk: ask,
  // An event with a complete ticket is shown at once; any other only says that something has changed.
  onEvent: (name, data) => (data && data.state && data.number ? draw(data) : ask()),
});
document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
every(1000, () => {
  const age = passed() - heard;
  at('stale').hidden = age < 15000;
  if (age >= 15000) {
    at('stale').textContent = fill(root.dataset.textStale, { time: clockTime(fresh, root.dataset.zone) });
    ask();
  }
});
