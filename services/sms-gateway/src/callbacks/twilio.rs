//! Twilio's status callbacks: checking the signature and reading the status. The signature covers the address as Twilio
//! knows it and every parameter received, including ones added in the future. Source:
//! twilio.com/docs/usage/webhooks/webhooks-security. Pure.

use super::form::field;
use crate::domain::Final;
use data_encoding::{BASE64, HEXLOWER};
use okienko_kernel::keys::equal;
use ring::{digest, hmac};

/// The header that carries the signature.
pub const SIGNATURE: &str = "x-twilio-signature";

/// Whether the owner of `token` signed this form, sent to `url` (with scheme, host and query). Like Twilio's own
/// libraries, accepts the address with and without its default port, because proxies change that.
pub fn is_signed(token: &str, url: &str, fields: &[(String, String)], signature: &str) -> bool {
    let mut signed: Vec<&(String, String)> = fields.iter().collect();
    signed.sort();
    signed.dedup();
    let parameters: String = signed.into_iter().flat_map(|(name, value)| [&**name, &**value]).collect();
    any_port(url).any(|url| is_of(token, &format!("{url}{parameters}"), signature))
}

/// The same for a body that is not a form: its hash is in the signed address.
pub fn is_signed_body(token: &str, url: &str, body: &[u8], signature: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let told = query.split('&').find_map(|pair| pair.strip_prefix("bodySHA256="));
    let hash = HEXLOWER.encode(digest::digest(&digest::SHA256, body).as_ref());
    let same = told.is_some_and(|told| equal(told.to_ascii_lowercase().as_bytes(), hash.as_bytes()));
    same && any_port(url).any(|url| is_of(token, &url, signature))
}

fn is_of(token: &str, text: &str, signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    let right = BASE64.encode(hmac::sign(&key, text.as_bytes()).as_ref());
    equal(right.as_bytes(), signature.as_bytes())
}

/// The address as it is, and with its default port added or removed.
fn any_port(url: &str) -> impl Iterator<Item = String> {
    [Some(url.to_owned()), other_port(url)].into_iter().flatten()
}

fn other_port(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let usual = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    // The colons of an IPv6 address are before its closing bracket.
    let has_port = host.rsplit(']').next().is_some_and(|tail| tail.contains(':'));
    match host.strip_suffix(usual) {
        Some(host) => Some(format!("{scheme}://{host}{path}")),
        None if has_port => None,
        None => Some(format!("{scheme}://{host}{usual}{path}")),
    }
}

/// The outcome that a callback reports; `None` while the message is on its way.
pub fn read(fields: &[(String, String)]) -> Option<Final> {
    match field(fields, "MessageStatus").or_else(|| field(fields, "SmsStatus"))? {
        "delivered" | "read" => Some(Final::Delivered),
        "undelivered" | "failed" | "canceled" => Some(Final::Undelivered),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The token of Twilio's published test vectors.
    const TOKEN: &str = "12345";

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn call() -> Vec<(String, String)> {
        pairs(&[
            ("CallSid", "CA1234567890ABCDE"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
            ("Caller", "+14158675309"),
        ])
    }

    #[test]
    fn the_published_signatures_are_right() {
        for (url, signature) in [
            ("https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w="),
            ("http://mycompany.com/myapp.php?foo=1&bar=2", "OyGYPqTF6ztdbRNCvuQO/oPvqQ4="),
            ("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4="),
            ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        ] {
            assert!(is_signed(TOKEN, url, &call(), signature), "{url}");
            assert!(!is_signed("12346", url, &call(), signature), "{url}");
            assert!(!is_signed(TOKEN, &format!("{url}3"), &call(), signature), "{url}");
            assert!(!is_signed(TOKEN, url, &call()[1..], signature), "{url}");
        }
        let ours = pairs(&[
            ("AccountSid", "AC00000000000000000000000000000000"),
            ("ApiVersion", "2010-04-01"),
            ("From", "+48732000000"),
            ("MessageSid", "SM11111111111111111111111111111111"),
            ("SmsSid", "SM11111111111111111111111111111111"),
            ("MessageStatus", "delivered"),
            ("SmsStatus", "delivered"),
            ("To", "+48601234567"),
        ]);
        let url = "https://sms.example.pl/callback/twilio?t=krakow";
        assert!(is_signed(TOKEN, url, &ours, "5EoJb3BjXS3XfnBrD2l0bHBkqtc="));
        assert_eq!(read(&ours), Some(Final::Delivered));
    }

    #[test]
    fn the_usual_port_may_be_there_or_not_and_no_other() {
        let (with, without) = ("kvajT1Ptam85bY51eRf/AJRuM3w=", "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
        assert!(is_signed(TOKEN, "https://mycompany.com/myapp.php?foo=1&bar=2", &call(), with));
        assert!(is_signed(TOKEN, "https://mycompany.com:443/myapp.php?foo=1&bar=2", &call(), without));
        assert!(!is_signed(TOKEN, "https://mycompany.com:1234/myapp.php?foo=1&bar=2", &call(), without));
        assert_eq!(other_port("https://[::1]/a").as_deref(), Some("https://[::1]:443/a"));
        assert_eq!(other_port("http://[::1]:80"), Some("http://[::1]".to_owned()));
        assert_eq!(other_port("ftp://a/"), None);
    }

    #[test]
    fn a_name_that_comes_again_is_signed_once_for_each_of_its_values() {
        let fields = pairs(&[
            ("Sid", "CA123"),
            ("SidAccount", "AC123"),
            ("Digits", "5678"),
            ("Digits", "1234"),
            ("Digits", "1234"),
        ]);
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        assert!(is_signed(TOKEN, url, &fields, "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
    }

    #[test]
    fn a_body_that_is_no_form_is_signed_by_its_hash() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
        let (body, signature) =
            (br#"{"property": "value", "boolean": true}"#, "a9nBmqA0ju/hNViExpshrM61xv4=");
        assert!(is_signed_body(TOKEN, url, body, signature));
        assert!(!is_signed_body(TOKEN, url, br#"{"property": "value"}"#, signature));
        assert!(!is_signed_body(TOKEN, "https://mycompany.com/myapp.php?foo=1&bar=2", body, signature));
    }

    #[test]
    fn parameters_of_tomorrow_enter_the_signature() {
        let url = "https://mycompany.com/myapp.php?foo=1&bar=2";
        let mut fields = call();
        fields.push(("RawDlrDoneDate".into(), "2611250830".into()));
        assert!(!is_signed(TOKEN, url, &fields, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        let text = "CallSidCA1234567890ABCDECaller+14158675309Digits1234From+14158675309RawDlrDoneDate2611250830To+18005551212";
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, TOKEN.as_bytes());
        let signature = BASE64.encode(hmac::sign(&key, format!("{url}{text}").as_bytes()).as_ref());
        assert!(is_signed(TOKEN, url, &fields, &signature));
    }

    #[test]
    fn each_status_has_its_end_or_none() {
        let of = |status: &str| read(&pairs(&[("MessageStatus", status)]));
        for status in ["queued", "accepted", "scheduled", "sending", "sent", "partially_delivered", "new", ""]
        {
            assert_eq!(of(status), None, "{status}");
        }
        for status in ["undelivered", "failed", "canceled"] {
            assert_eq!(of(status), Some(Final::Undelivered), "{status}");
        }
        assert_eq!((of("delivered"), of("read")), (Some(Final::Delivered), Some(Final::Delivered)));
        assert_eq!(read(&[]), None);
    }
}
