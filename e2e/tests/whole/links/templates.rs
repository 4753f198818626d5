//! All message templates, read from the file that defines them, and how a text is matched to its template. Knows no
//! test.

const FILE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../services/sms-gateway/messages/pl.ftl"));

/// A message template: its name, and the fixed words in it.
pub struct Template {
    pub name: String,
    words: Vec<String>,
}

impl Template {
    /// Whether a text was made from it: the text contains all its fixed words, in their order.
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

/// All templates of the file.
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

/// Assigns the text outside braces to the newest template.
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

/// Text as an SMS has it: without Polish letters, runs of white space as one blank.
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
