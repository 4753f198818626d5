// code.js: a field for a code, written by components::field with FieldKind::Code(n):
//   form input[data-code="n"]
// Extracts the digits from whatever is pasted ("Kod: 123 456"). It never submits the form: that is up to the user.
// After an error an empty field is not submitted: a press of the button just as the answer arrives would discard its
// message.
//   button[data-wait="seconds"][disabled]  is enabled after that time; its description then becomes [data-wait-over]

for (const input of document.querySelectorAll('input[data-code]')) {
  const length = Number(input.dataset.code);
  input.form?.addEventListener('submit', (event) => {
    if (input.value !== '' || input.getAttribute('aria-invalid') !== 'true') return;
    event.preventDefault();
    input.focus();
  });
  input.addEventListener('input', () => {
    const digits = input.value.replace(/\D/g, '').slice(0, length);
    if (digits !== input.value) input.value = digits;
  });
  input.addEventListener('paste', (event) => {
    const digits = (event.clipboardData?.getData('text') ?? '').replace(/\D/g, '');
    if (digits.length < length) return;
    event.preventDefault();
    input.value = digits.slice(0, length);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}

for (const button of document.querySelectorAll('button[data-wait]')) {
  const about = document.getElementById(button.getAttribute('aria-describedby'));
  setTimeout(() => {
    button.disabled = false;
    button.removeAttribute('aria-describedby');
    if (about) about.textContent = about.dataset.waitOver;
  }, Number(button.dataset.wait) * 1000);
}
