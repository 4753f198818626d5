//! A mail as a relay takes it: plain text in UTF-8, wrapped in base64, so that no line of it can be a command. Pure.

use crate::provider::OutMessage;
use data_encoding::BASE64;

/// Octets of a header's text in one encoded word: with its frame and the header's name it fits a line of 76 signs.
const WORD: usize = 39;
/// Octets in one line of the body: 76 signs of base64.
const LINE: usize = 57;

/// The whole of a mail from `from`, without the dot that ends it. The message's id makes it one mail for whoever reads.
pub fn written(message: &OutMessage, from: &str) -> String {
    let host = from.rsplit('@').next().unwrap_or("localhost");
    let mut mail = String::new();
    let mut line = |name: &str, value: &str| {
        mail.push_str(&format!("{name}: {value}\r\n"));
    };
    line("From", &format!("{}\r\n <{from}>", words(&message.sender)));
    line("To", &format!("<{}>", message.to));
    line("Subject", &words(message.subject.as_deref().unwrap_or_default()));
    line("Message-ID", &format!("<{}@{host}>", message.id));
    line("MIME-Version", "1.0");
    line("Content-Type", "text/plain; charset=utf-8");
    line("Content-Transfer-Encoding", "base64");
    mail.push_str("\r\n");
    for part in message.text.as_bytes().chunks(LINE) {
        mail.push_str(&BASE64.encode(part));
        mail.push_str("\r\n");
    }
    mail
}

/// Text in a header as encoded words, each of whole letters.
fn words(text: &str) -> String {
    let mut parts = vec![String::new()];
    for c in text.chars() {
        let last = parts.len() - 1;
        if parts[last].len() + c.len_utf8() > WORD {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    let encoded: Vec<String> =
        parts.iter().map(|part| format!("=?UTF-8?B?{}?=", BASE64.encode(part.as_bytes()))).collect();
    encoded.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Channel;
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, Id, IdKind, Way};

    #[test]
    fn nothing_that_was_written_becomes_a_header_or_a_command() {
        let way = Way { office: 1, place: 0, day: Day::from_number(2526) };
        let message = OutMessage {
            id: Id::new(IdKind::Message, way, &SeededEntropy::new(1)),
            office: "torun".into(),
            channel: Channel::Email,
            to: "jan@example.org".into(),
            sender: "Urząd\r\nBcc: all@example.org".into(),
            subject: Some("ż".repeat(60)),
            text: "line\r\n.\r\nMAIL FROM:<x>".repeat(9),
            held_by: None,
        };
        let mail = written(&message, "urzad@example.pl");
        assert!(mail.lines().all(|line| line.len() <= 78 && line != "."), "{mail}");
        assert!(!mail.contains("Bcc") && !mail.contains("MAIL FROM"), "{mail}");
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Message-ID: <{}@example.pl>", message.id)));
        let text = BASE64.decode(body.replace("\r\n", "").as_bytes()).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), message.text);
    }
}
