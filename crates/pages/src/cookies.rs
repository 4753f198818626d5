//! Cookies as this site sets and reads them. Over HTTPS their names begin with `__Host-`: a browser accepts such a
//! cookie only from this very host, over HTTPS and for the path `/`, so no neighbour under the same domain can plant
//! one. What belongs to one path carries that in its name instead. Plain names are still read: a site without HTTPS
//! uses them, and so did earlier versions. Knows no page.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};

/// The prefix of the names over HTTPS.
const HOST: &str = "__Host-";

/// A cookie of the whole site, or of a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Cookie<'a> {
    /// Its name on a site without HTTPS.
    pub name: &'a str,
    /// Tells it from cookies of the same name that belong to other parts; empty for the whole site.
    pub of: &'a str,
    /// The path of its part.
    pub path: &'a str,
    /// Whether it is `HttpOnly`, hidden from scripts.
    pub is_hidden: bool,
}

impl<'a> Cookie<'a> {
    /// A cookie of the whole site that no script may read.
    pub const fn new(name: &'a str) -> Cookie<'a> {
        Cookie { name, of: "", path: "/", is_hidden: true }
    }

    /// A cookie of the part of the site that `of` names.
    pub const fn at(self, of: &'a str, path: &'a str) -> Cookie<'a> {
        Cookie { of, path, ..self }
    }

    /// The value that the browser sent.
    pub fn read<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        // Frequent callers are programs without cookies; do not build a name for them.
        if !headers.contains_key(header::COOKIE) {
            return None;
        }
        let whole = self.host_name();
        let of = |wanted: &str| pairs(headers).find(|(name, value)| *name == wanted && !value.is_empty());
        of(&whole).or_else(|| of(self.name)).map(|(_, value)| value)
    }

    /// Sets it for that many seconds, or for the browser session.
    pub fn set(&self, response: &mut Response, is_https: bool, value: &str, seconds: Option<u32>) {
        add(response, &self.written(is_https, value, seconds));
    }

    /// The `Set-Cookie` line.
    pub fn written(&self, is_https: bool, value: &str, seconds: Option<u32>) -> String {
        if is_https {
            self.line(&self.host_name(), "/", value, seconds, "; Secure")
        } else {
            self.line(self.name, self.path, value, seconds, "")
        }
    }

    /// Whether an answer already sets it.
    pub fn is_set(&self, answer: &HeaderMap) -> bool {
        let own = [self.host_name(), self.name.to_owned()];
        let lines = answer.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
        lines.filter_map(|line| line.split('=').next()).any(|name| own.iter().any(|own| own == name))
    }

    /// Clears it, under both its current and its older name.
    pub fn clear(&self, response: &mut Response, is_https: bool) {
        if is_https {
            add(response, &self.line(&self.host_name(), "/", "", Some(0), "; Secure"));
        }
        add(response, &self.line(self.name, self.path, "", Some(0), if is_https { "; Secure" } else { "" }));
    }

    fn host_name(&self) -> String {
        let between = if self.of.is_empty() { "" } else { "-" };
        format!("{HOST}{}{between}{}", self.name, self.of)
    }

    fn line(&self, name: &str, path: &str, value: &str, seconds: Option<u32>, secure: &str) -> String {
        let hidden = if self.is_hidden { "; HttpOnly" } else { "" };
        let until = seconds.map_or(String::new(), |seconds| format!("; Max-Age={seconds}"));
        format!("{name}={value}; Path={path}{hidden}; SameSite=Lax{until}{secure}")
    }
}

fn add(response: &mut Response, line: &str) {
    if let Ok(line) = HeaderValue::from_str(line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(set: impl Fn(&mut Response)) -> Vec<String> {
        let mut response = Response::default();
        set(&mut response);
        let lines = response.headers().get_all(header::SET_COOKIE).iter();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    fn asking(cookies: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", cookies.parse().unwrap());
        headers
    }

    const HOLD: Cookie<'_> = Cookie::new("hold").at("17", "/torun/book/hold/17");

    #[test]
    fn over_https_every_cookie_is_this_hosts_own_and_without_it_plain() {
        let all = [
            Cookie::new("okienko_staff"),
            Cookie { is_hidden: false, ..Cookie::new("lang") },
            Cookie::new("session").at("torun", "/torun"),
            Cookie::new("way").at("torun", "/torun/account"),
            HOLD,
        ];
        for cookie in all {
            let [line] = &lines(|it| cookie.set(it, true, "v", Some(60)))[..] else { panic!("one") };
            // What browsers require of such a name: https://www.rfc-editor.org/rfc/rfc6265bis
            assert!(
                line.starts_with("__Host-") && line.contains("; Path=/;") && line.contains("; Secure"),
                "{line}"
            );
            assert!(!line.contains("Domain"), "{line}");
            let name = line.split('=').next().unwrap().to_owned();
            assert_eq!(cookie.read(&asking(&format!("{name}=v"))), Some("v"), "{name}");
            let [plain] = &lines(|it| cookie.set(it, false, "v", None))[..] else { panic!("one") };
            assert!(plain.starts_with(cookie.name) && !plain.contains("Secure"), "{plain}");
            assert!(plain.contains(&format!("; Path={};", cookie.path)), "{plain}");
            assert_eq!(cookie.read(&asking(&format!("{}=old", cookie.name))), Some("old"));
            let cleared = lines(|it| cookie.clear(it, true));
            assert!(
                cleared.len() == 2 && cleared.iter().all(|line| line.contains("Max-Age=0")),
                "{cleared:?}"
            );
        }
    }

    #[test]
    fn a_hosts_own_cookie_goes_before_one_that_anybody_may_have_planted() {
        for (cookies, read) in [
            ("hold=planted; __Host-hold-17=ours", Some("ours")),
            ("__Host-hold-17=ours; hold=planted", Some("ours")),
            ("__Host-hold-18=another; hold=old", Some("old")),
            ("__Host-hold-18=another", None),
            ("__Host-hold=none", None),
            ("x__Host-hold-17=no; holds=no", None),
            ("hold=", None),
            ("__Host-hold-17=; hold=old", Some("old")),
            ("", None),
            ("hold", None),
        ] {
            assert_eq!(HOLD.read(&asking(cookies)), read, "{cookies}");
        }
    }
}
