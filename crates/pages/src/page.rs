//! The whole document around a page's body: head, header with the office, language switch, demo banner, footer. Knows
//! no service; contains no inline script or style, so that the content security policy can forbid them.

use crate::assets::{Script, asset_url, office_css_url};
use crate::locale::Locale;
use crate::pasted::is_own;
use crate::words::Words;
use maud::{DOCTYPE, Markup, html};

/// Whom a page is for; decides its frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Kind {
    /// One column of 640 px, header and footer.
    #[default]
    Citizen,
    /// Tables and plots: wide, header and footer.
    Office,
    /// The clerk's desk and reception: the whole window, a slim header.
    Desk,
    /// The ticket machine: the whole screen, languages at the top, no links that lead away.
    Kiosk,
    /// The e-ticket: one column, header, no footer.
    Ticket,
    /// The screen of a hall: dark, nothing but the body.
    Hall,
    /// The screen of a counter: dark, nothing but the body.
    Counter,
}

impl Kind {
    /// Whether a member of staff has it open, and may walk away from it.
    fn is_of_staff(self) -> bool {
        matches!(self, Kind::Office | Kind::Desk)
    }
    fn class(self) -> &'static str {
        match self {
            Kind::Citizen => "page-citizen",
            Kind::Office => "page-office",
            Kind::Desk => "page-desk",
            Kind::Kiosk => "page-kiosk",
            Kind::Ticket => "page-ticket",
            Kind::Hall => "page-hall dark",
            Kind::Counter => "page-counter dark",
        }
    }
    /// The stylesheet it has besides the base one.
    fn sheet(self) -> &'static str {
        match self {
            Kind::Citizen => "citizen.css",
            Kind::Office => "office.css",
            Kind::Desk => "desk.css",
            Kind::Kiosk => "kiosk.css",
            Kind::Ticket => "ticket.css",
            Kind::Hall | Kind::Counter => "hall.css",
        }
    }
    /// The languages its pages are in.
    fn locales(self) -> &'static [Locale] {
        if matches!(self, Kind::Office | Kind::Desk) { &Locale::STAFF } else { &Locale::ALL }
    }
    fn bare(self) -> bool {
        matches!(self, Kind::Hall | Kind::Counter)
    }
}

/// How an office presents itself on its pages.
#[derive(Clone, Debug, Default)]
pub struct OfficeLook {
    /// The office's name.
    pub name: String,
    /// Where the name links to, e.g. `/torun`.
    pub href: String,
    /// The address of its crest, on this server or as `data:`.
    pub crest: Option<String>,
    /// Its own action colour as `#rrggbb`; ignored if hard to read.
    pub colour: Option<String>,
}

/// A page being built: `Page::new(&words, "Title").office(&look).script(&DESK).render(body)`.
pub struct Page<'a> {
    words: &'a Words,
    title: &'a str,
    kind: Kind,
    office: Option<&'a OfficeLook>,
    scripts: Vec<&'static Script>,
    aside: Option<Markup>,
    links: Vec<(String, String)>,
}

/// Marks of a body that reports a failure: those that `forms.js` focuses, or this attribute alone.
const FAULTS: [&str; 2] = [" data-error-summary=\"\"", " data-fault=\"\""];

impl<'a> Page<'a> {
    /// A citizen's page with this title. `forms.js` is on every page that has a header.
    pub fn new(words: &'a Words, title: &'a str) -> Page<'a> {
        let (kind, office) = (Kind::Citizen, None);
        Page { words, title, kind, office, scripts: vec![], aside: None, links: vec![] }
    }
    /// Sets whom it is for.
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }
    /// Sets whose page it is.
    pub fn office(mut self, office: &'a OfficeLook) -> Self {
        self.office = Some(office);
        self
    }
    /// Adds a script to those of all pages.
    pub fn script(mut self, script: &'static Script) -> Self {
        self.scripts.push(script);
        self
    }
    /// Sets what is at the right of the header, e.g. who is signed in.
    pub fn aside(mut self, aside: Markup) -> Self {
        self.aside = Some(aside);
        self
    }
    /// Adds a link to the footer: address and text.
    pub fn footer_link(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.links.push((href.into(), text.into()));
        self
    }

    /// Renders the document around `body`, which brings the page's one `h1`.
    pub fn render(self, body: Markup) -> Markup {
        let words = self.words;
        let name = self.office.map_or_else(|| words.t("product"), |o| o.name.clone());
        // Staff pages in a language they do not have are in Polish.
        let spoken =
            if self.kind.locales().contains(&words.locale()) { words.locale() } else { Locale::default() };
        // A title read aloud must not sound like success after a failure. Typed text is escaped and cannot contain
        // these marks.
        let failed = FAULTS.iter().any(|mark| body.0.contains(mark));
        html! {
            (DOCTYPE)
            html lang=(spoken.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    @if is_own(words.here().split('?').next().unwrap_or_default()) { meta name="robots" content="noindex"; }
                    title { @if failed { (words.t("error-prefix")) " " } (self.title) " – " (name) }
                    link rel="icon" href=(asset_url("mark.svg")) type="image/svg+xml";
                    link rel="stylesheet" href=(asset_url("okienko.css"));
                    link rel="stylesheet" href=(asset_url(self.kind.sheet()));
                    @if let Some(url) = self.office.and_then(|o| office_css_url(o.colour.as_deref()?)) {
                        link rel="stylesheet" href=(url);
                    }
                    @if !self.kind.bare() { (script(&asset_url("forms.js"))) }
                    @for own in &self.scripts { (script(&own.url())) }
                    @if self.kind.is_of_staff() { (script(&asset_url("here.js"))) }
                    @if words.is_demo() && !self.kind.bare() { (script(&asset_url("demo.js"))) }
                }
                body class=(self.kind.class()) {
                    @if self.kind.bare() {
                        (body)
                    } @else {
                        a .skip-link href="#content" { (words.t("skip-to-content")) }
                        (self.banner())
                        @if self.kind.is_of_staff() { (here(words)) }
                        (self.header(&name))
                        main #content tabindex="-1" { (body) }
                        (self.footer())
                    }
                }
            }
        }
    }

    fn banner(&self) -> Markup {
        let Some(now) = self.words.demo_now() else { return html! {} };
        let said = self.words.ta("demo-banner", &[("now", now.as_str().into())]);
        html! {
            aside .demo-banner data-demo="" {
                p { (said) }
                @for (length, key) in [("PT15M", "demo-advance-15"), ("PT60M", "demo-advance-60")] {
                    button type="button" hidden data-advance=(length) { (self.words.t(key)) }
                }
            }
        }
    }

    fn header(&self, name: &str) -> Markup {
        let crest = self.office.and_then(|o| o.crest.clone()).unwrap_or_else(|| asset_url("mark.svg"));
        let href = self.office.map_or("/", |o| &o.href);
        html! {
            header .site-header {
                div .bar {
                    @if self.kind == Kind::Kiosk {
                        span .office-name { img src=(crest) alt="" width="40" height="40"; span { (name) } }
                    } @else {
                        a .office-name href=(href) { img src=(crest) alt="" width="36" height="36"; span { (name) } }
                    }
                    @if let Some(aside) = &self.aside { div .header-aside { (aside) } }
                    (language_switch(self.words, self.kind.locales()))
                }
            }
        }
    }

    fn footer(&self) -> Markup {
        if !matches!(self.kind, Kind::Citizen | Kind::Office) {
            return html! {};
        }
        html! {
            footer .site-footer {
                div .bar {
                    @if !self.links.is_empty() {
                        ul { @for (href, text) in &self.links { li { a href=(href) { (text) } } } }
                    }
                    p { (self.words.t("footer-about")) }
                }
            }
        }
    }
}

/// What `here.js` shows to somebody who seems to be away: first a warning, then a dialog over the page, which stays as
/// it was.
fn here(words: &Words) -> Markup {
    html! {
        div data-here="" {
            div .banner role="alert" data-here-soon="" hidden {
                p { (words.t("idle-soon")) " " button .button.secondary type="button" { (words.t("idle-here")) } }
            }
            dialog .locked data-here-locked="" aria-labelledby="locked-title" {
                h2 #locked-title { (words.t("idle-locked")) }
                p { (words.t("idle-locked-what")) }
                p { a .button href="/sign-in?to=/sign-in/back" target="_blank" rel="opener" { (words.t("sign-in-button")) } }
                p { button .button.secondary type="button" { (words.t("idle-back")) } }
            }
        }
    }
}

fn script(url: &str) -> Markup {
    html! { script type="module" src=(url) {} }
}

/// The languages, each named in itself; the current one is no link.
fn language_switch(words: &Words, locales: &[Locale]) -> Markup {
    let here = words.here();
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let rest: Vec<&str> = query.split('&').filter(|p| !p.is_empty() && !p.starts_with("lang=")).collect();
    html! {
        nav .languages aria-label=(words.t("language-switch")) {
            ul {
                @for locale in locales.iter().copied() {
                    li {
                        @if locale == words.locale() {
                            span aria-current="true" lang=(locale.tag()) { (words.own_name(locale)) }
                        } @else {
                            @let lang = format!("lang={}", locale.tag());
                            @let query = rest.iter().copied().chain([lang.as_str()]).collect::<Vec<_>>().join("&");
                            a href={ (path) "?" (query) } lang=(locale.tag()) hreflang=(locale.tag()) {
                                (words.own_name(locale))
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Demo;
    use okienko_kernel::{Moment, Zone};
    use std::sync::Arc;

    fn page(kind: Kind) -> String {
        let demo = Demo { clock: Arc::new(|| Moment::from_micros(0)), zone: Zone::utc() };
        let words = Words::common(Locale::En).at("/torun/book?step=2&lang=en", Some(Arc::new(demo)));
        let look = OfficeLook { name: "A <b> & \"c\"".into(), href: "/a".into(), ..Default::default() };
        Page::new(&words, "T").kind(kind).office(&look).render(html! { h1 { "x" } }).into_string()
    }

    #[test]
    fn pages_of_staff_offer_the_languages_that_they_speak() {
        let words = Words::common(Locale::Uk).at("/admin", None);
        let shown = |kind| Page::new(&words, "T").kind(kind).render(html! {}).into_string();
        let (office, citizen) = (shown(Kind::Office), shown(Kind::Citizen));
        assert!(office.contains("<html lang=\"pl\">") && !office.contains("lang=uk"), "{office}");
        assert!(citizen.contains("<html lang=\"uk\">") && citizen.contains("lang=ru"), "{citizen}");
    }

    #[test]
    fn a_page_has_a_language_a_skip_link_and_one_main_and_nothing_inline() {
        let html = page(Kind::Citizen);
        assert!(html.contains("<html lang=\"en\">") && html.contains("href=\"#content\""));
        assert_eq!(html.matches("<main").count(), 1);
        assert!(!html.contains("style=") && !html.contains("<script>") && !html.contains("onclick"));
        assert!(html.contains("A &lt;b&gt; &amp; &quot;c&quot;"));
    }

    #[test]
    fn the_language_switch_keeps_the_place_and_the_rest_of_the_query() {
        assert!(page(Kind::Citizen).contains("href=\"/torun/book?step=2&amp;lang=pl\""));
    }

    #[test]
    fn a_page_with_an_error_says_so_in_its_title_in_every_language() {
        use crate::components::{Field, FieldKind, error_summary, field, refused};
        for (locale, said) in [
            (Locale::Pl, "Błąd: T"),
            (Locale::En, "Error: T"),
            (Locale::Uk, "Помилка: T"),
            (Locale::Ru, "Ошибка: T"),
        ] {
            let words = Words::common(locale);
            let title = |body: Markup| {
                let html = Page::new(&words, "T").render(body).into_string();
                html.split("<title>").nth(1).unwrap().split(" – ").next().unwrap().to_owned()
            };
            assert_eq!(title(error_summary(&words, &[("a", "b")])), said);
            assert_eq!(title(refused(html! { p { "b" } })), said);
            assert_eq!(title(html! { p data-fault="" { "b" } }), said);
            let typed = Field { value: " data-fault=\"\"", ..Field::new("a", "b", FieldKind::Text) };
            assert_eq!(title(field(&words, &typed)), "T", "what is typed makes no error");
            assert_eq!(title(html! { p { " data-error-summary=\"\"" } }), "T");
        }
    }

    #[test]
    fn each_kind_of_page_brings_what_all_need_and_its_own_sheet_alone() {
        for kind in [Kind::Citizen, Kind::Ticket, Kind::Office, Kind::Desk, Kind::Kiosk, Kind::Hall] {
            let html = page(kind);
            for (name, _) in crate::assets::SHEETS {
                let brought = html.contains(&asset_url(name));
                assert_eq!(brought, *name == kind.sheet(), "{kind:?} and {name}");
            }
            assert!(html.contains(&asset_url("okienko.css")), "{kind:?}");
        }
    }

    #[test]
    fn screens_of_halls_show_nothing_but_their_body() {
        let html = page(Kind::Hall);
        assert!(!html.contains("<header") && !html.contains("demo-banner") && html.contains("dark"));
    }
}
