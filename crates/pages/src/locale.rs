//! Which language a visitor reads: `?lang=` (an explicit choice, remembered in the cookie `lang`), then the cookie,
//! then `Accept-Language`, then Polish. Knows nothing of messages.

use crate::cookies::Cookie;
use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use std::convert::Infallible;

/// The cookie that remembers the language a reader has chosen.
pub const LANG: Cookie<'_> = Cookie { is_hidden: false, ..Cookie::new("lang") };

/// A language that all visitors' pages are in; staff pages are in Polish and English only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Locale {
    /// Polish, the offices' language.
    #[default]
    Pl,
    /// English.
    En,
    /// Ukrainian.
    Uk,
    /// Russian.
    Ru,
}

impl Locale {
    /// All languages, in the order in which pages offer them.
    pub const ALL: [Locale; 4] = [Locale::Pl, Locale::En, Locale::Uk, Locale::Ru];
    /// The languages of staff pages.
    pub const STAFF: [Locale; 2] = [Locale::Pl, Locale::En];

    /// The BCP 47 tag, e.g. `pl`.
    pub const fn tag(self) -> &'static str {
        match self {
            Locale::Pl => "pl",
            Locale::En => "en",
            Locale::Uk => "uk",
            Locale::Ru => "ru",
        }
    }
    /// Parses a tag, with or without a region (`en-GB`); `None` for a language not offered here.
    pub fn parse(tag: &str) -> Option<Locale> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Locale::ALL.into_iter().find(|l| primary.eq_ignore_ascii_case(l.tag()))
    }
    /// The language for a request.
    pub fn negotiate(headers: &HeaderMap, query: Option<&str>) -> Locale {
        Locale::wished(query)
            .or_else(|| Locale::remembered(headers))
            .or_else(|| accepted(headers))
            .unwrap_or_default()
    }
    /// The choice remembered in the cookie.
    pub fn remembered(headers: &HeaderMap) -> Option<Locale> {
        LANG.read(headers).and_then(Locale::parse)
    }
    /// The language that `?lang=` asks for, if it is offered here.
    pub fn wished(query: Option<&str>) -> Option<Locale> {
        query?.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(Locale::parse)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Locale {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Locale::negotiate(&parts.headers, parts.uri.query()))
    }
}

/// The preferred language in `Accept-Language` among those offered here.
pub fn accepted(headers: &HeaderMap) -> Option<Locale> {
    let line = headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Locale)> = None;
    for part in line.split(',') {
        let (tag, params) = part.split_once(';').unwrap_or((part, ""));
        let weight = params.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse().ok());
        let (Some(locale), Some(weight)) = (Locale::parse(tag), weight) else { continue };
        if weight > 0.0 && best.is_none_or(|(w, _)| weight > w) {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cookie: &str, query: Option<&str>, accept: &str) -> Locale {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", cookie.parse().unwrap());
        headers.insert("accept-language", accept.parse().unwrap());
        Locale::negotiate(&headers, query)
    }

    #[test]
    fn the_wish_in_the_address_goes_before_cookie_and_browser() {
        assert_eq!(of("lang=pl", Some("a=1&lang=en"), "pl"), Locale::En);
        assert_eq!(of("x=1; lang=en", None, "pl"), Locale::En);
        assert_eq!(of("lang=xx", Some("lang=de"), "de, en-GB;q=0.8, pl;q=0.3"), Locale::En);
    }

    #[test]
    fn an_unknown_or_broken_wish_falls_back_to_polish() {
        assert_eq!(of("", None, "fr, de;q=0.9"), Locale::Pl);
        assert_eq!(of("", None, "en;q=0"), Locale::Pl);
        assert_eq!(of("", None, "en;q=zz, ;;;,"), Locale::Pl);
    }
}
