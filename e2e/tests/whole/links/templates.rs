//! The messages that there are, read from the file that they are written in, and how one is known again by its words.

const FILE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../services/sms-gateway/messages/pl.ftl"));

/// A message: its name, and the words that are in it whatever is filled in.
pub struct Template {
    pub name: String,
    words: Vec<String>,
}

impl Template {
    /// Whether a text was made of it: it has all its words, in their order.
    pub fn made(&self, text: &str) -> bool {
        let text = plain(text);
        let mut rest = text.as_str();
        self.words.iter().all(|words| match rest.split_once(words.as_str()) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    }
}

/// All messages of the file.
pub fn templates() -> Vec<Template> {
    let mut found: Vec<Template> = Vec::new();
    let mut body = String::new();
    let mut inside = false;
    for line in FILE.lines().chain(["end ="]) {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            close(&mut found, &mut body);
            let (name, rest) = line.split_once('=').unwrap();
            let name = name.trim();
            inside = name.starts_with("sms-") || name.starts_with("mail-");
            if inside {
                found.push(Template { name: name.to_owned(), words: Vec::new() });
                rest.clone_into(&mut body);
            }
        } else if line.trim_start().starts_with('.') {
            close(&mut found, &mut body);
            inside = false;
        } else if inside && !line.starts_with('#') {
            body.push('\n');
            body.push_str(line.trim());
        }
    }
    found
}

/// What stands outside of braces belongs to the newest message.
fn close(found: &mut [Template], body: &mut String) {
    let text = std::mem::take(body);
    let Some(newest) = found.last_mut().filter(|_| !text.trim().is_empty()) else { return };
    let mut depth = 0;
    let mut words = String::new();
    for c in text.chars() {
        match c {
            '{' => {
                depth += 1;
                words.push('\n');
            }
            '}' => depth -= 1,
            c if depth == 0 => words.push(c),
            _ => {}
        }
    }
    let words = words.lines().map(plain).filter(|words| words.chars().any(char::is_alphabetic));
    newest.words = words.collect();
}

/// As an SMS is written: without Polish letters, blanks as one.
fn plain(text: &str) -> String {
    let letters = text.chars().map(|c| match c {
        'ą' => 'a',
        'ć' => 'c',
        'ę' => 'e',
        'ł' => 'l',
        'ń' => 'n',
        'ó' => 'o',
        'ś' => 's',
        'ź' | 'ż' => 'z',
        c => c,
    });
    letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}
