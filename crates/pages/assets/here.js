// here.js: whether somebody is at a page of the staff. A touch or a key is told to the server, at most once a minute; who
// seems to be away is warned two minutes before, and then the page is covered, with all that is on it left as it was.
//   [data-here] [data-here-soon] with a button, dialog[data-here-locked] with a link to sign in (in another tab) and a button
// GET /sign-in/here → {left_s} (null: nobody asks), POST the same and says that somebody is here. Other tabs of the same
// browser count too, so the server is asked before anything is shown.

const soon = document.querySelector('[data-here-soon]');
const locked = document.querySelector('[data-here-locked]');
const WARN = 120;
const TOLD = 60_000;
let told = 0;
let timer = 0;
let known = false;

async function ask(method) {
  let answer;
  try {
    answer = await fetch('/sign-in/here', { method, headers: { Accept: 'application/json' } });
  } catch {
    return later(30);
  }
  if (answer.status === 403) return known ? lock() : undefined;
  if (!answer.ok) return later(30);
  const { left_s: left } = await answer.json();
  if (left === null) return undefined;
  known = true;
  if (locked.open) locked.close();
  soon.hidden = left > WARN;
  return later(left > WARN ? left - WARN : Math.max(left, 1));
}

function later(seconds) {
  clearTimeout(timer);
  timer = setTimeout(() => ask('GET'), seconds * 1000);
}

function lock() {
  clearTimeout(timer);
  soon.hidden = true;
  if (!locked.open) locked.showModal();
}

function touched() {
  if (!known || locked.open || (Date.now() - told < TOLD && soon.hidden)) return;
  told = Date.now();
  ask('POST');
}

for (const kind of ['pointerdown', 'keydown', 'wheel']) addEventListener(kind, touched, { capture: true, passive: true });
// Back from the tab in which one signed in.
addEventListener('focus', () => ask('GET'));
locked.addEventListener('cancel', (event) => event.preventDefault());
locked.querySelector('button').addEventListener('click', () => ask('GET'));
ask('GET');
