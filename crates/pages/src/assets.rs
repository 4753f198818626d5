//! The stylesheets and scripts under `/assets/`: built into the program, addressed with the hash of their content.
//! Scripts of single pages live with those pages and are passed in. Knows no page.

use crate::look;
use crate::problem::{Code, Problem};
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

/// Scripts that any page may use.
const SCRIPTS: &[(&str, &str)] = &[
    ("clock.js", include_str!("../assets/clock.js")),
    ("stream.js", include_str!("../assets/stream.js")),
    ("forms.js", include_str!("../assets/forms.js")),
    ("demo.js", include_str!("../assets/demo.js")),
    ("here.js", include_str!("../assets/here.js")),
];

/// The base sheet of all pages, placed after the tokens; then one sheet per kind of page.
pub(crate) const BASE: &str = include_str!("../assets/okienko.css");
pub(crate) const SHEETS: &[(&str, &str)] = &[
    ("citizen.css", include_str!("../assets/citizen.css")),
    ("ticket.css", include_str!("../assets/ticket.css")),
    ("office.css", include_str!("../assets/office.css")),
    ("desk.css", include_str!("../assets/desk.css")),
    ("hall.css", include_str!("../assets/hall.css")),
    ("kiosk.css", include_str!("../assets/kiosk.css")),
];

/// Scripts that others import.
const IMPORTED: [&str; 2] = ["clock.js", "stream.js"];

struct Asset {
    kind: &'static str,
    text: String,
    hash: String,
}

static ASSETS: LazyLock<BTreeMap<&'static str, Asset>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    all.insert("okienko.css", Asset::new(CSS, look::tokens_css() + BASE));
    for (name, sheet) in SHEETS {
        all.insert(name, Asset::new(CSS, (*sheet).to_owned()));
    }
    let mark = include_str!("../assets/mark.svg").to_owned();
    all.insert("mark.svg", Asset::new("image/svg+xml", mark));
    // In an order in which imports come before their importers.
    for (name, source) in SCRIPTS {
        let script = Asset::script(source, &all);
        all.insert(name, script);
    }
    all
});

/// A script of particular pages, kept in the crate that owns them.
pub struct Script {
    name: &'static str,
    source: &'static str,
    made: OnceLock<Asset>,
}

impl Script {
    /// `static DESK: Script = Script::new("desk.js", include_str!("../assets/desk.js"));`. It may import `./clock.js` and
    /// `./stream.js`.
    pub const fn new(name: &'static str, source: &'static str) -> Script {
        Script { name, source, made: OnceLock::new() }
    }
    /// Its address, with the hash of its content.
    pub fn url(&self) -> String {
        self.asset().url(self.name)
    }
    /// The text as browsers get it.
    pub fn text(&self) -> &str {
        &self.asset().text
    }
    fn asset(&self) -> &Asset {
        self.made.get_or_init(|| Asset::script(self.source, &ASSETS))
    }
}

impl Asset {
    fn new(kind: &'static str, text: String) -> Asset {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes())[..8]);
        Asset { kind, text, hash }
    }
    /// Rewrites imports to carry the hash of the imported content.
    fn script(source: &str, known: &BTreeMap<&'static str, Asset>) -> Asset {
        let mut text = source.to_owned();
        for imported in IMPORTED {
            let hash = known.get(imported).map_or("", |it| &it.hash);
            text = text.replace(&format!("'./{imported}'"), &format!("'./{imported}?v={hash}'"));
        }
        Asset::new("text/javascript; charset=utf-8", text)
    }
    fn url(&self, name: &str) -> String {
        format!("/assets/{name}?v={}", self.hash)
    }
}

/// The address of an asset, with the hash of its content: `/assets/okienko.css?v=…`.
pub fn asset_url(name: &str) -> String {
    match ASSETS.get(name) {
        Some(asset) => asset.url(name),
        None => format!("/assets/{name}"),
    }
}

/// The address of the stylesheet of an office with its own action colour; `None` for a colour that is hard to read.
pub fn office_css_url(colour: &str) -> Option<String> {
    look::office_css(colour)?;
    Some(format!("/assets/office-{}.css", colour.trim_start_matches('#')))
}

/// The text of an asset, for writing pages to files.
pub fn asset_text(name: &str) -> Option<&'static str> {
    ASSETS.get(name).map(|asset| asset.text.as_str())
}

/// What search engines may crawl: everything but the programs' interfaces. Personal pages say `noindex` themselves,
/// which only a crawler allowed to fetch them can see.
const ROBOTS: &str = "User-agent: *\nDisallow: /api/\nDisallow: /callbacks/\nAllow: /\n";

/// `GET /assets/{name}` and `/robots.txt`. With the right hash in the query the answer may be cached for a year. Every
/// process has the `scripts` of all pages, whichever it serves, because browsers may ask any process.
pub fn assets_router<S: Clone + Send + Sync + 'static>(scripts: Vec<&'static Script>) -> Router<S> {
    let scripts: Arc<[&'static Script]> = scripts.into();
    let one = move |path, query, headers| asset(path, query, headers, scripts.clone());
    Router::new().route("/assets/{name}", get(one)).route("/robots.txt", get(robots))
}

async fn robots() -> impl IntoResponse {
    let head = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
    ];
    (head, ROBOTS)
}

async fn asset(
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    scripts: Arc<[&'static Script]>,
) -> Response {
    if let Some(colour) = name.strip_prefix("office-").and_then(|n| n.strip_suffix(".css")) {
        return match look::office_css(&format!("#{colour}")) {
            Some(css) => {
                let kept = [(header::CONTENT_TYPE, CSS), (header::CACHE_CONTROL, KEPT)];
                (kept, css).into_response()
            }
            None => Problem::new(Code::Unknown).into_response(),
        };
    }
    let of_pages = || scripts.iter().find(|script| script.name == name).map(|script| script.asset());
    let Some(asset) = ASSETS.get(name.as_str()).or_else(of_pages) else {
        return Problem::new(Code::Unknown).into_response();
    };
    let etag = format!("\"{}\"", asset.hash);
    let hashed = query.as_deref() == Some(&format!("v={}", asset.hash));
    let cache = if hashed { KEPT } else { "public, no-cache" };
    let head =
        [(header::ETAG, etag.as_str()), (header::CACHE_CONTROL, cache), (header::CONTENT_TYPE, asset.kind)];
    let seen = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    if seen.is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == etag)) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, asset.text.as_str()).into_response()
}

const CSS: &str = "text/css; charset=utf-8";
const KEPT: &str = "public, max-age=31536000, immutable";

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use tower::ServiceExt;

    static OF_A_PAGE: Script = Script::new("page.js", "// A page.\nimport { every } from './clock.js';\n");

    async fn get(path: &str, etag: &str) -> Response {
        let request = http::Request::get(path).header("if-none-match", etag).body(Body::empty()).unwrap();
        assets_router::<()>(vec![&OF_A_PAGE]).oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn an_asset_is_kept_only_under_the_hash_of_its_content() {
        let with_hash = get(&asset_url("okienko.css"), "").await;
        assert_eq!(with_hash.headers()["cache-control"], KEPT);
        let old = get("/assets/okienko.css?v=0", "").await;
        assert_eq!(old.headers()["cache-control"], "public, no-cache");
        let etag = old.headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(get("/assets/okienko.css", &etag).await.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn unknown_names_and_unreadable_colours_are_not_served() {
        for path in ["/assets/nothing.js", "/assets/office-ffbf00.css", "/assets/office-.css"] {
            assert_eq!(get(path, "").await.status(), StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(get("/assets/office-7a1f3d.css", "").await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_script_of_a_page_is_served_beside_those_of_all_and_imports_them_under_the_hash() {
        assert_eq!(get(&OF_A_PAGE.url(), "").await.headers()["cache-control"], KEPT);
        let clock = asset_url("clock.js").replace("/assets/", "./");
        assert!(OF_A_PAGE.text().contains(&format!("'{clock}'")), "{}", OF_A_PAGE.text());
    }

    #[test]
    fn scripts_import_each_other_under_the_hash() {
        for (name, _) in SCRIPTS {
            let text = asset_text(name).unwrap();
            assert!(!text.contains(".js';"), "{name}");
            assert!(text.starts_with("// "), "{name} opens with what pages must give it");
        }
    }
}
