//! E-mail addresses as one may send to them: a sane subset of RFC 5321, one spelling per mailbox, nothing that could
//! open a second header line; a domain in letters of any script in its ASCII form. Knows nothing of DNS: whether the domain
//! exists shows when the mail is sent.

use std::fmt;

/// A checked address; its domain is in lower case, the part before the `@` as it was typed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

/// Why a text is no address that one can send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct EmailFault;

const MAX_LEN: usize = 254;
const MAX_LOCAL: usize = 64;
const MAX_LABEL: usize = 63;

/// Longer input is not read at all.
const MAX_TYPED: usize = 1_000;

/// Reads an address; what was copied with it is forgiven ([`okienko_typed::mail`]), blanks within are not.
///
/// Accepts unquoted ASCII mailboxes of at most 254 characters (`+` included) and domains with a dot, those with letters of
/// any script (`toruń.pl`) as the ASCII name by which mail reaches them. Quoted mailboxes, address literals
/// (`@[192.0.2.1]`), comments and display names are refused.
pub fn parse_email(text: &str) -> Result<Email, EmailFault> {
    if text.len() > MAX_TYPED {
        return Err(EmailFault);
    }
    let text = okienko_typed::mail(text);
    let (local, domain) = text.split_once('@').ok_or(EmailFault)?;
    let domain = ascii_domain(domain).ok_or(EmailFault)?;
    if !is_local(local) || !is_domain(&domain) || local.len() + 1 + domain.len() > MAX_LEN {
        return Err(EmailFault);
    }
    Ok(Email(format!("{local}@{domain}")))
}

/// A domain in its ASCII form and in small letters.
fn ascii_domain(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return Some(domain.to_ascii_lowercase());
    }
    idna::domain_to_ascii_strict(domain).ok()
}

/// Domains whose provider does not count dots in a mailbox's name, with the name that stands for all of them.
const DOTLESS: [(&str, &str); 2] = [("gmail.com", "gmail.com"), ("googlemail.com", "gmail.com")];

impl Email {
    /// The address, ready to be sent to and to be compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// By what an address is counted and found: the same for everybody who writes it, because no provider in use tells
    /// `Jan@` from `jan@`. Not to be sent to.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
    /// By what the mailbox behind an address is counted: `jan+1@` and `jan+2@` reach the same one, and so do `j.an@` and
    /// `jan@` where the provider is known not to count dots. Not to be sent to, and no name for an account.
    pub fn mailbox(&self) -> String {
        let key = self.key();
        let Some((local, domain)) = key.split_once('@') else { return key };
        let bare = local.split('+').next().filter(|bare| !bare.is_empty()).unwrap_or(local);
        match DOTLESS.iter().find(|(name, _)| *name == domain) {
            Some((_, domain)) => format!("{}@{domain}", bare.replace('.', "")),
            None => format!("{bare}@{domain}"),
        }
    }
    /// For display: `j***@example.org`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        // One letter of a short name would be most of it.
        let shown = if local.len() > 2 { &local[..1] } else { "" };
        format!("{shown}***@{domain}")
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
/// Masked, so that no log shows an address by accident.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

fn is_local(local: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    !local.is_empty()
        && local.len() <= MAX_LOCAL
        && local.bytes().all(allowed)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= MAX_LABEL
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, top)) = domain.rsplit_once('.') else { return false };
    domain.split('.').all(label) && top.len() >= 2 && !top.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn usual_addresses_are_accepted_with_the_domain_in_lower_case() {
        for (typed, kept) in [
            ("jan@example.org", "jan@example.org"),
            (" Jan.Kowalski+wizyta@Example.ORG ", "Jan.Kowalski+wizyta@example.org"),
            ("o'neil_1@mail.xn--toru-19a.pl", "o'neil_1@mail.xn--toru-19a.pl"),
            ("jan@example.org,", "jan@example.org"),
            ("mailto:jan@example.org", "jan@example.org"),
            ("jan\u{200b}@example.org\u{a0}", "jan@example.org"),
        ] {
            assert_eq!(parse_email(typed).map(|e| e.as_str().to_owned()), Ok(kept.to_owned()), "{typed}");
        }
    }

    #[test]
    fn domains_in_letters_of_any_script_are_reached_by_their_ascii_names() {
        for (typed, kept) in [
            ("jan@toruń.pl", "jan@xn--toru-e2a.pl"),
            ("jan@TORUŃ.PL", "jan@xn--toru-e2a.pl"),
            ("jan@torun\u{301}.pl", "jan@xn--toru-e2a.pl"),
            ("jan@xn--toru-e2a.pl", "jan@xn--toru-e2a.pl"),
            ("jan@poczta.łódź.pl", "jan@poczta.xn--d-uga0v4h.pl"),
            ("jan@münchen.de", "jan@xn--mnchen-3ya.de"),
            ("jan@bücher.example", "jan@xn--bcher-kva.example"),
            ("олена.k@example.org", ""),
            ("jan@пошта.укр", "jan@xn--80a1acn3a.xn--j1amh"),
            ("jan@почта.рф", "jan@xn--80a1acny.xn--p1ai"),
            ("jan@例え。jp", "jan@xn--r8jz45g.jp"),
            ("jan@toruń", ""),
            ("jan@-ń.pl", ""),
            ("jan@ń..pl", ""),
            ("jan@ń/.pl", ""),
        ] {
            let read = parse_email(typed).map(|e| e.as_str().to_owned()).unwrap_or_default();
            assert_eq!(read, kept, "{typed}");
        }
    }

    #[test]
    fn a_mailbox_is_one_whatever_is_written_before_the_at() {
        let of = |text| parse_email(text).unwrap();
        for text in ["Jan@x.pl", "jAn@x.pl", "JAN@X.PL", "jan@x.pl "] {
            assert_eq!(of(text).key(), "jan@x.pl");
        }
        for text in ["jan+1@x.pl", "jan+2@x.pl", "Jan+wizyta+3@x.pl", "jan@x.pl", "jan+@x.pl"] {
            assert_eq!(of(text).mailbox(), "jan@x.pl");
        }
        for text in ["j.an@gmail.com", "jan@googlemail.com", "J.A.N+x@Gmail.com"] {
            assert_eq!(of(text).mailbox(), "jan@gmail.com");
        }
        assert_eq!(of("jan+1@x.pl").key(), "jan+1@x.pl", "an account of its own");
        assert_eq!(of("+jan@x.pl").mailbox(), "+jan@x.pl");
        assert_eq!(of("j.an@x.pl").mailbox(), "j.an@x.pl", "another mailbox there");
    }

    #[test]
    fn what_could_open_a_header_or_name_a_second_mailbox_is_refused() {
        for typed in [
            "jan@example.org\r\nBcc: all@example.org",
            "jan@example.org\n",
            "jan\n@example.org",
            "jan@example.org,ewa@example.org",
            "jan@example.org;ewa@example.org",
            "Jan <jan@example.org>",
            "\"jan kowalski\"@example.org",
            "jan@ewa@example.org",
            "jan\0@example.org",
        ] {
            assert_eq!(parse_email(typed), Err(EmailFault), "{typed:?}");
        }
    }

    #[test]
    fn malformed_mailboxes_domains_and_lengths_are_refused() {
        let long = format!("{}@{}.org", "a".repeat(64), "b.".repeat(100).trim_end_matches('.'));
        assert!(long.len() > 254);
        for typed in [
            "",
            "@",
            "jan",
            "jan@",
            "@example.org",
            "jan@localhost",
            "jan@.org",
            "jan@example..org",
            "jan@-a.org",
            "jan@a-.org",
            "jan@[192.0.2.1]",
            "jan@192.0.2.1",
            ".jan@example.org",
            "jan.@example.org",
            "j..n@example.org",
            "jań@example.org",
            "j n@example.org",
            &format!("{}@example.org", "a".repeat(65)),
            &long,
        ] {
            assert_eq!(parse_email(typed), Err(EmailFault), "{typed:?}");
        }
    }

    #[test]
    fn a_mask_keeps_at_most_the_first_letter() {
        let masked = |text| parse_email(text).unwrap().masked();
        assert_eq!(masked("jan.kowalski@example.org"), "j***@example.org");
        assert_eq!(masked("jk@example.org"), "***@example.org");
        assert_eq!(format!("{:?}", parse_email("jan@example.org").unwrap()), "j***@example.org");
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_kept_as_one_printable_line_that_reads_the_same_again(text in "\\PC{0,40}|[a-z.@+ \r\n<>]{0,30}") {
            if let Ok(email) = parse_email(&text) {
                prop_assert!(email.as_str().bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(parse_email(email.as_str()), Ok(email.clone()));
            }
        }
    }
}
