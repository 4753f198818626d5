//! What commands print. Somebody may have stopped reading, `… | head -1`: that is no fault, and no reason to leave work half
//! done, so what cannot be printed is not printed. Knows no command.

use std::fmt::Arguments;
use std::io::Write;

/// Prints a line, as `println!` does, and goes on where nobody reads it.
macro_rules! say {
    ($($words:tt)*) => { $crate::say::line(format_args!($($words)*)) };
}

/// See [`say!`].
pub fn line(words: Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{words}").and_then(|()| out.flush());
}

/// Says on standard error what went wrong, if anybody reads that.
pub fn complain(words: Arguments<'_>) {
    let _ = writeln!(std::io::stderr().lock(), "okienko: {words}");
}

/// What other crates print ends the program quietly where nobody reads it, instead of with a panic.
pub fn end_quietly_unread() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.payload().downcast_ref::<String>();
        if text.is_some_and(|text| text.starts_with("failed printing to std")) {
            std::process::exit(0);
        }
        usual(panic);
    }));
}
