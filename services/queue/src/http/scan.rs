//! What people hold under a scanner or type into a code field: a check-in code, the address behind a QR code, a token.
//! A scanner acts as a keyboard: it may send characters before and after, and a mismatched keyboard layout changes
//! letters. Knows no page and no rule of the hall.

use super::door::Here;
use super::kiosk::plain_code;
use crate::hall::Hall;
use crate::service::Queue;
use okienko_kernel::{Id, IdKind, Keys};
use okienko_web::{Code, Problem};

/// Number of digits of a check-in code.
pub const CODE_DIGITS: u8 = 8;
/// Number of characters of a token.
const TOKEN_CHARS: usize = 39;
/// Longest prefix or suffix that a reader adds to what it has read.
const AFFIX_AT_MOST: usize = 4;
/// Longer than any address that we print.
const SCAN_AT_MOST: usize = 512;

/// The content of a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanContent {
    /// A check-in code.
    Code(String),
    /// The token of a visit or of a ticket.
    Token(IdKind, Id),
}

/// Interprets these texts, which are alternative readings of the same scan's keystrokes.
pub fn read(texts: &[&str], keys: &Keys) -> Option<ScanContent> {
    let all = || texts.iter().filter(|text| text.len() <= SCAN_AT_MOST);
    // A token proves itself, so it takes precedence over digits that only look like a code.
    let token = all().find_map(|text| token(text, keys).or_else(|| token(&swapped(text), keys)));
    token.or_else(|| all().find_map(|text| code(text)).map(ScanContent::Code))
}

fn token(text: &str, keys: &Keys) -> Option<ScanContent> {
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|run| run.len() >= TOKEN_CHARS);
    let ends = runs.flat_map(|run| [&run[..TOKEN_CHARS], &run[run.len() - TOKEN_CHARS..]]);
    let known = |end: &str| {
        let of = |kind| Id::from_token(kind, end, keys).ok().map(|id| ScanContent::Token(kind, id));
        of(IdKind::Ticket).or_else(|| of(IdKind::Reservation))
    };
    ends.filter_map(known).next()
}

/// The text with Y and Z swapped: QWERTZ read as QWERTY.
fn swapped(text: &str) -> String {
    let swap = |c| match c {
        'y' => 'z',
        'z' => 'y',
        'Y' => 'Z',
        'Z' => 'Y',
        other => other,
    };
    text.chars().map(swap).collect()
}

/// Whether the text is a code, so that a message about "the code" makes sense to the person.
pub fn is_code(text: &str) -> bool {
    code(text).is_some()
}

/// Eight digits, with what a reader may add before and after: special characters, or the symbology identifier (`]C0`
/// for a barcode, `]Q1` for a QR code). With letters among the digits it is not a code but something else.
fn code(text: &str) -> Option<String> {
    let mut plain = text.trim_matches(|c: char| c.is_control() || c.is_whitespace());
    if let Some(rest) = plain.strip_prefix(']') {
        plain = rest.get(2..)?;
    }
    let inner = plain.trim_matches(|c: char| !c.is_ascii_digit());
    let affixes = plain.chars().count() - inner.chars().count();
    let between =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '.');
    if affixes > 2 * AFFIX_AT_MOST || !inner.chars().all(|c| c.is_ascii_digit() || between(c)) {
        return None;
    }
    let digits: String = inner.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == usize::from(CODE_DIGITS)).then_some(digits)
}

/// Where a scan leads in this hall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leads {
    /// A visitor who checks in with this code.
    Code(String),
    /// A ticket that was given out already.
    Ticket(Id),
}

impl Queue {
    /// Where a scanned or typed text leads here; the error says why it leads nowhere.
    pub(super) async fn leads(&self, here: &Here, texts: &[&str]) -> Result<Leads, Problem> {
        let Some(read) = read(texts, &self.service.world.keys) else {
            // Not ours, or a code of another length: handled as a typed code, which will be reported as unknown.
            let first = texts.first().copied().unwrap_or_default();
            return plain_code(first).map(Leads::Code);
        };
        let (kind, id) = match read {
            ScanContent::Code(code) => return Ok(Leads::Code(code)),
            ScanContent::Token(kind, id) => (kind, id),
        };
        let look = move |hall: &Hall| {
            let ticket = match kind {
                IdKind::Reservation => hall.0.ticket_of(id),
                _ => hall.0.ticket(id),
            }?;
            // A booked visitor checks in with this code; anybody else already has a number.
            let code = hall.0.code_of(ticket);
            Some(code.map_or(Leads::Ticket(ticket.line.ticket), |code| Leads::Code(code.to_owned())))
        };
        let found = self.halls.read(&here.hall.office, &here.hall.to_string(), look).await;
        match found? {
            Some(leads) => Ok(leads),
            None => Err(self.elsewhere(here, kind, id).await),
        }
    }

    /// The check-in code behind a text scanned or typed by reception or a clerk.
    pub(super) async fn code_behind(&self, here: &Here, text: &str) -> Result<String, Problem> {
        match self.leads(here, &[text]).await? {
            Leads::Code(code) => Ok(code),
            Leads::Ticket(_) => Err(Problem::new(Code::Unknown).explained("queue-unknown-code")),
        }
    }

    /// The problem for one of our visits or tickets that does not belong to this hall today: another office, day or
    /// location.
    async fn elsewhere(&self, here: &Here, kind: IdKind, id: Id) -> Problem {
        let way = id.way();
        if way.office != here.office.number {
            return Problem::new(Code::Unknown).explained("queue-scan-office");
        }
        if way.day != here.hall.day {
            return Problem::new(Code::Unknown).explained("queue-scan-day").with("date", way.day.to_string());
        }
        for place in here.office.locations.iter().filter(|place| place.id != here.hall.location) {
            let other = self.today(&here.office, &place.id);
            let look = |hall: &Hall| match kind {
                IdKind::Reservation => hall.0.ticket_of(id).is_some(),
                _ => hall.0.ticket(id).is_some(),
            };
            if self.halls.peek(&other.office, &other.to_string(), look).await.unwrap_or(false) {
                return Problem::new(Code::WrongLocation).with("location", place.id.as_str());
            }
        }
        Problem::new(Code::Unknown).explained("queue-unknown-code")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use okienko_kernel::world::SeededEntropy;
    use okienko_kernel::{Day, Way};

    fn keys() -> Keys {
        Keys::from_secret(b"one")
    }

    fn id(kind: IdKind) -> Id {
        let way = Way { office: 1, place: 2, day: Day::from_number(9) };
        // One that contains both letters that layouts swap.
        let ids = (0..).map(|seed| Id::new(kind, way, &SeededEntropy::new(seed)));
        let both = |id: &Id| id.token(&keys()).contains('y') && id.token(&keys()).contains('z');
        ids.into_iter().find(both).unwrap()
    }

    #[test]
    fn a_code_is_read_in_whatever_it_comes() {
        let scans = [
            "07731947",
            "07731947\r",
            "07731947\r\n",
            "07731947\t",
            "\u{2}07731947\u{3}",
            "]C007731947",
            "]C107731947",
            "]Q107731947",
            "~07731947",
            "K07731947",
            "QR:07731947",
            "*07731947*",
            "07 73 19 47",
            "0773-1947",
            "0773\u{a0}1947",
            "07.73.19.47",
            "\u{1d}07731947",
        ];
        for scan in scans {
            assert_eq!(read(&[scan], &keys()), Some(ScanContent::Code("07731947".into())), "{scan:?}");
        }
    }

    #[test]
    fn visits_and_tickets_are_read_from_addresses_in_every_layout() {
        for kind in [IdKind::Reservation, IdKind::Ticket] {
            let id = id(kind);
            let token = id.token(&keys());
            let path = if kind == IdKind::Ticket { "t" } else { "torun/visit" };
            let address = format!("https://k.example.pl:8443/{path}/{token}");
            let scans = [
                token.clone(),
                token.to_uppercase(),
                format!("~{token}"),
                address.clone(),
                address.to_uppercase(),
                format!("{address}?lang=uk"),
                format!("{address}\r\n"),
                format!("{address}."),
                format!("]Q1{address}"),
                format!("\u{2}{address}\t"),
                format!("http://127.0.0.1:27001/{path}/{token}"),
                swapped(&address),
                swapped(&address).to_uppercase(),
                // A host with a German layout: the punctuation of an address comes out differently.
                swapped(&address).replace("://", "Ö--").replace('/', "-"),
                // Polish layout, 214.
                swapped(&address).replace("://", "Ł--").replace('/', "-").replace(':', "Ł"),
            ];
            for scan in scans {
                assert_eq!(read(&[&scan], &keys()), Some(ScanContent::Token(kind, id)), "{scan:?}");
            }
        }
    }

    #[test]
    fn the_keys_of_a_reader_are_believed_where_the_letters_of_the_host_are_not() {
        let id = id(IdKind::Reservation);
        let address = format!("https://k.example.pl/torun/visit/{}", id.token(&keys()));
        assert_eq!(read(&["реезы.лю", &address], &keys()), Some(ScanContent::Token(IdKind::Reservation, id)));
        assert_eq!(read(&["à&&éçè'", "07731947"], &keys()), Some(ScanContent::Code("07731947".into())));
    }

    #[test]
    fn what_is_none_of_ours_is_not_read() {
        let foreign = id(IdKind::Ticket).token(&Keys::from_secret(b"two"));
        let scans = [
            "",
            "\r\n",
            "0773194",
            "077319471",
            "5901234123457",
            "https://example.org/12700182",
            "http://127.0.0.1:8182/x",
            "0773A1947",
            "WIFI:S:biuro;T:WPA;P:07731947;;",
            "BEGIN:VCARD 07731947 END",
            &foreign,
            &id(IdKind::Hold).token(&keys()),
            &"7".repeat(600),
        ];
        for scan in scans {
            assert_eq!(read(&[scan], &keys()), None, "{scan:?}");
        }
    }
}
