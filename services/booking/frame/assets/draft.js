// draft.js: keeps what was typed if the page is left before its form was submitted.
//   form[data-draft="<address>"]
// One beacon on leaving, and only if something changed: the server keeps it sealed with the hold.

for (const form of document.querySelectorAll('form[data-draft]')) {
  let changed = false;
  form.addEventListener('input', () => { changed = true; });
  form.addEventListener('change', () => { changed = true; });
  form.addEventListener('submit', () => { changed = false; });
  addEventListener('pagehide', () => {
    if (!changed) return;
    changed = false;
    navigator.sendBeacon(form.dataset.draft, new URLSearchParams(new FormData(form)));
  });
}
