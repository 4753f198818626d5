//! The output of commands. The reader may have gone, as in `… | head -1`: that is no error, and no reason to leave work
//! half done, so output that cannot be written is dropped. Knows no command.

use std::fmt::Arguments;
use std::io::Write;

/// Prints a line, like `println!`, but continues if nobody reads it.
macro_rules! say {
    ($($words:tt)*) => { $crate::say::line(format_args!($($words)*)) };
}

/// See [`say!`].
pub fn line(words: Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{words}").and_then(|()| out.flush());
}

/// Prints an error to standard error, if anybody reads that.
pub fn complain(words: Arguments<'_>) {
    let _ = writeln!(std::io::stderr().lock(), "okienko: {words}");
}

/// Makes other crates' printing end the program quietly, instead of with a panic, if nobody reads it.
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
