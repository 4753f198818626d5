//! Starting other programs and keeping their output. Does not know what they are for.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result};

/// Which of a program's two streams is kept; the other is passed through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// The command as a person would type it.
pub fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Runs the command with its output passed through; returns whether it succeeded.
pub fn run(command: &mut Command) -> Result<bool> {
    let status = command.status().with_context(|| format!("cannot start `{}`", typed(command)))?;
    Ok(status.success())
}

/// Runs the command, prints its output and returns the kept stream line by line.
pub fn run_and_keep(command: &mut Command, keep: Keep) -> Result<(ExitStatus, Vec<String>)> {
    match keep {
        Keep::Out => command.stdout(Stdio::piped()),
        Keep::Err => command.stderr(Stdio::piped()),
    };
    let mut child = command.spawn().with_context(|| format!("cannot start `{}`", typed(command)))?;
    let stream: Box<dyn Read> = match keep {
        Keep::Out => Box::new(child.stdout.take().context("no stdout")?),
        Keep::Err => Box::new(child.stderr.take().context("no stderr")?),
    };
    let mut lines = Vec::new();
    for raw in BufReader::new(stream).split(b'\n') {
        let line = String::from_utf8_lossy(&raw?).into_owned();
        match keep {
            Keep::Out => println!("{line}"),
            Keep::Err => eprintln!("{line}"),
        }
        lines.push(line);
    }
    Ok((child.wait()?, lines))
}

/// The command's standard output, trimmed; `None` when the program is missing or fails.
pub fn said(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let mut command = Command::new("cargo");
        command.args(["run", "--seed=7", "two words", "it's"]);
        assert_eq!(typed(&command), r"cargo run --seed=7 'two words' 'it'\''s'");
    }

    #[test]
    fn the_kept_stream_is_returned_with_the_status() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two; exit 3"]);
        let (status, lines) = run_and_keep(&mut command, Keep::Out).unwrap();
        assert_eq!(status.code(), Some(3));
        assert_eq!(lines, ["one", "two"]);
    }
}
