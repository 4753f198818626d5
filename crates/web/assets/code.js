// code.js: a field for a code, written by components::field with FieldKind::Code(n):
//   form input[data-code="n"]
// Takes digits out of whatever is pasted ("Kod: 123 456"), and sends the form at the n-th digit, once per code. Whoever
// presses the button just as the answer comes would send an empty field and lose what the answer says: that is not sent.

for (const input of document.querySelectorAll('input[data-code]')) {
  const length = Number(input.dataset.code);
  let sent = input.value;
  input.form?.addEventListener('submit', (event) => {
    if (input.value !== '' || input.getAttribute('aria-invalid') !== 'true') return;
    event.preventDefault();
    input.focus();
  });
  input.addEventListener('input', () => {
    const digits = input.value.replace(/\D/g, '').slice(0, length);
    if (digits !== input.value) input.value = digits;
    if (digits.length === length && digits !== sent) {
      sent = digits;
      input.form?.requestSubmit();
    }
  });
  input.addEventListener('paste', (event) => {
    const digits = (event.clipboardData?.getData('text') ?? '').replace(/\D/g, '');
    if (digits.length < length) return;
    event.preventDefault();
    input.value = digits.slice(0, length);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
