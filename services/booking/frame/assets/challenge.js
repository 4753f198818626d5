// challenge.js: the proof of work before an hour is held. The markup comes from booking's pages:
//   [data-challenge="/api/v1/challenge?office=…"] [data-challenge-worker="address of the worker"]
//     form … input[type=hidden][name=challenge]   gets the solved payload
//     [data-challenge-line="text while it works"]  role=status; filled only when somebody has to wait
// Works while the person picks an hour, and keeps the solution until an hour is chosen, across pages.
// Where it cannot work (no worker, no crypto, no network), forms are sent as they are: the server has a way without it.

const KEEP = 'okienko-challenge:';
// A solution is not used in its last minute: sending the form may take a while.
const MARGIN_S = 60;

const now = () => Date.now() / 1000;

function kept(address) {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEEP + address));
    return found && found.until - MARGIN_S > now() ? found : null;
  } catch {
    return null;
  }
}

function keep(address, solved) {
  try {
    if (solved) sessionStorage.setItem(KEEP + address, JSON.stringify(solved));
    else sessionStorage.removeItem(KEEP + address);
  } catch {
    // Without storage, the browser solves one challenge per page.
  }
}

function solve(address, script) {
  return new Promise((done, failed) => {
    const worker = new Worker(script);
    const end = (act, value) => { worker.terminate(); act(value); };
    worker.addEventListener('message', ({ data }) => (data.payload ? end(done, data) : end(failed, data.error)));
    worker.addEventListener('error', (event) => { event.preventDefault(); end(failed, event.message); });
    worker.postMessage(new URL(address, location.href).href);
  });
}

for (const root of document.querySelectorAll('[data-challenge]')) {
  const address = root.dataset.challenge;
  const line = root.querySelector('[data-challenge-line]');
  let solved = null;
  let work = null;
  let sending = false;

  const begin = () => {
    solved = kept(address);
    if (solved || !window.Worker || !window.crypto?.subtle) return;
    work ??= solve(address, root.dataset.challengeWorker)
      .then((found) => { solved = found; keep(address, found); }, () => {})
      .finally(() => { work = null; });
  };

  root.addEventListener('submit', async (event) => {
    const { target: form, submitter } = event;
    const field = form.elements.namedItem('challenge');
    if (!field || field.value) return;
    event.preventDefault();
    if (sending) return;
    sending = true;
    if (solved && solved.until - MARGIN_S <= now()) { keep(address, null); solved = null; }
    if (!solved) {
      begin();
      if (line && work) line.textContent = line.dataset.challengeLine;
      await work;
    }
    // A form cannot be submitted while its own submit event is being handled.
    await new Promise((next) => { setTimeout(next); });
    field.value = solved?.payload ?? '';
    // A solution can be used once: no other page must find it.
    keep(address, null);
    solved = null;
    if (field.value) form.requestSubmit(submitter);
    else { addButton(form, submitter); form.submit(); }
  });

  // Back from the next page (bfcache): the solution that was sent is used up.
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    sending = false;
    if (line) line.textContent = '';
    for (const field of root.querySelectorAll('input[name=challenge]')) field.value = '';
    begin();
  });

  begin();
}

// `submit()` leaves out the button, and with it the hour it stands for.
function addButton(form, button) {
  if (!button?.name) return;
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = button.name;
  field.value = button.value;
  form.append(field);
}
