// forms.js: on every page with a header. Works on what the components write:
//   [data-error-summary]              gets the focus when the page opens
//   form                              is sent once; its buttons rest until the page is left or shown again.
//                                     form[data-many] may be sent again and again (desk).
//   [data-only-if="field=value"]      is shown only while the field of that name in the same form has that value
//   a page that answers a form        is asked for again by its address, not by sending the form again, when one comes
//                                     back to it
//   details[data-fold]                is folded where the window is narrow, and open again while it is printed
//   [data-print]                      prints the page (button, hidden until this script is there)

document.querySelector('[data-error-summary]')?.focus();
history.replaceState(history.state, '', location.href);

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute('data-many')) return;
  if (form.hasAttribute('data-sent')) { event.preventDefault(); return; }
  form.setAttribute('data-sent', '');
  // After this turn, so that the pressed button's own value still goes with the form.
  setTimeout(() => form.querySelectorAll('button').forEach((b) => b.setAttribute('aria-disabled', 'true')), 0);
  // Should the answer never come, one may try again.
  setTimeout(() => release(form), 15000);
});

function release(form) {
  form.removeAttribute('data-sent');
  form.querySelectorAll('button').forEach((b) => b.removeAttribute('aria-disabled'));
}

addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(release));

for (const part of document.querySelectorAll('[data-only-if]')) {
  const form = part.closest('form');
  if (!form) continue;
  const [name, wanted] = part.dataset.onlyIf.split('=');
  const show = () => {
    part.hidden = String(new FormData(form).get(name) ?? 'false') !== wanted;
    part.querySelectorAll('input, select').forEach((input) => { input.disabled = part.hidden; });
  };
  form.addEventListener('change', show);
  show();
}

const folds = [...document.querySelectorAll('details[data-fold]')];
if (folds.length && matchMedia('(max-width: 640px)').matches) {
  let were = [];
  for (const part of folds) part.open = false;
  addEventListener('beforeprint', () => {
    were = folds.filter((part) => !part.open);
    for (const part of were) part.open = true;
  });
  addEventListener('afterprint', () => { for (const part of were.splice(0)) part.open = false; });
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
