//! A browser without scripts: follows links and redirects, submits forms on the page, keeps cookies by path.

use axum::body::Body;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub struct Browser {
    router: axum::Router,
    /// Name, value, path.
    pub cookies: Vec<(String, String, String)>,
    /// The current address.
    pub at: String,
    pub status: StatusCode,
    pub html: String,
    pub headers: http::HeaderMap,
    /// The `Origin` that its forms send.
    pub origin: &'static str,
    pub language: &'static str,
    /// The address that a trusted proxy reports, if any.
    pub from: Option<&'static str>,
}

/// A form on the page.
struct FormSeen {
    action: String,
    post: bool,
    values: Vec<(String, String)>,
    buttons: Vec<Button>,
}

struct Button {
    says: String,
    value: Option<(String, String)>,
}

impl Browser {
    pub fn new(router: axum::Router) -> Browser {
        Browser {
            router,
            cookies: vec![],
            at: String::new(),
            status: StatusCode::OK,
            html: String::new(),
            headers: http::HeaderMap::new(),
            origin: "http://town.test",
            language: "pl",
            from: None,
        }
    }
    /// Opens an address.
    pub async fn open(&mut self, address: &str) -> &mut Self {
        self.ask("GET", address, None).await;
        self
    }
    /// Opens the address again.
    pub async fn reload(&mut self) -> &mut Self {
        let at = self.at.clone();
        self.open(&at).await
    }
    /// Follows the first link whose text contains `words`.
    pub async fn follow(&mut self, words: &str) -> &mut Self {
        let links = elements(&self.html, "a");
        let found = links.iter().find(|(_, inner)| text(inner).contains(words));
        let (tag, _) = found.unwrap_or_else(|| panic!("no link {words:?} at {}:\n{}", self.at, self.words()));
        let address = self.resolve(&attribute(tag, "href").unwrap());
        self.open(&address).await
    }
    /// Presses the first button whose text contains `words`, after typing these values.
    pub async fn press(&mut self, words: &str, typed: &[(&str, &str)]) -> &mut Self {
        let forms: Vec<FormSeen> = elements(&self.html, "form").iter().map(form).collect();
        let found = forms.into_iter().find_map(|form| {
            let at = form.buttons.iter().position(|button| button.says.contains(words))?;
            Some((form, at))
        });
        let (form, at) =
            found.unwrap_or_else(|| panic!("no button {words:?} at {}:\n{}", self.at, self.words()));
        let mut values = form.values;
        for (name, value) in typed {
            assert!(self.html.contains(&format!("name=\"{name}\"")), "no field {name} at {}", self.at);
            values.retain(|(known, _)| known != name);
            values.push(((*name).to_owned(), (*value).to_owned()));
        }
        values.extend(form.buttons[at].value.clone());
        let pairs: Vec<String> =
            values.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let action = self.resolve(&form.action);
        if form.post {
            self.ask("POST", &action, Some(pairs.join("&"))).await;
        } else {
            let bare = action.split('?').next().unwrap_or_default();
            self.ask("GET", &format!("{bare}?{}", pairs.join("&")), None).await;
        }
        self
    }
    /// The text of the page.
    pub fn words(&self) -> String {
        text(&self.html)
    }
    pub fn title(&self) -> String {
        text(&elements(&self.html, "h1").pop().unwrap_or_default().1)
    }
    pub fn says(&self, words: &str) -> bool {
        self.words().contains(words)
    }

    fn resolve(&self, address: &str) -> String {
        if address.starts_with('/') { address.to_owned() } else { self.at.clone() }
    }

    async fn ask(&mut self, method: &str, address: &str, body: Option<String>) {
        let (mut method, mut address, mut body) = (method.to_owned(), address.to_owned(), body);
        for _ in 0..5 {
            let path = address.split('?').next().unwrap_or_default();
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .filter(|(_, _, of)| path.starts_with(of.as_str()))
                .map(|(name, value, _)| format!("{name}={value}"))
                .collect();
            let mut request = Request::builder()
                .method(method.as_str())
                .uri(&address)
                .header("host", "town.test")
                .header("accept", "text/html")
                .header("accept-language", self.language)
                .header("cookie", cookies.join("; "));
            if let Some(from) = self.from {
                request = request.header("x-forwarded-for", from);
            }
            if body.is_some() {
                request = request
                    .header("origin", self.origin)
                    .header("content-type", "application/x-www-form-urlencoded");
            }
            let request = request.body(Body::from(body.take().unwrap_or_default())).unwrap();
            let response = self.router.clone().oneshot(request).await.unwrap();
            self.status = response.status();
            self.headers = response.headers().clone();
            self.at = address.clone();
            self.keep();
            let bytes = response.into_body().collect().await.unwrap().to_bytes();
            self.html = String::from_utf8(bytes.to_vec()).unwrap();
            if !self.status.is_redirection() {
                let missing = self.html.find(">[").or_else(|| self.html.find("\"["));
                assert!(missing.is_none(), "a message is missing at {}", self.at);
                return;
            }
            assert_eq!(self.status, StatusCode::SEE_OTHER);
            address = self.headers[header::LOCATION].to_str().unwrap().to_owned();
            "GET".clone_into(&mut method);
        }
        panic!("a circle of redirects at {address}");
    }

    fn keep(&mut self) {
        for line in self.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let path = rest.split("Path=").nth(1).unwrap().split(';').next().unwrap();
            self.cookies.retain(|(other, _, at)| other != name || at != path);
            self.cookies.push((name.to_owned(), value.to_owned(), path.to_owned()));
        }
    }
}

/// Tag and content of all elements with that name; in our pages they are never nested in themselves.
fn elements(html: &str, name: &str) -> Vec<(String, String)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(&open) {
        rest = &rest[at + open.len()..];
        if !rest.starts_with([' ', '>']) {
            continue;
        }
        let Some((tag, inner)) = rest.split_once('>') else { break };
        let inner = inner.split_once(&close).map_or(inner, |(inner, _)| inner);
        found.push((tag.to_owned(), inner.to_owned()));
    }
    found
}

fn form((tag, inner): &(String, String)) -> FormSeen {
    let inputs = inner.split("<input").skip(1).filter_map(|rest| {
        let tag = rest.split('>').next()?;
        let kind = attribute(tag, "type").unwrap_or_default();
        let off = matches!(kind.as_str(), "radio" | "checkbox") && !tag.contains(" checked");
        (!off).then(|| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))?
    });
    let buttons = elements(inner, "button").into_iter().map(|(tag, inner)| Button {
        says: format!("{} {}", text(&inner), attribute(&tag, "aria-label").unwrap_or_default()),
        value: attribute(&tag, "name").zip(attribute(&tag, "value")),
    });
    FormSeen {
        action: attribute(tag, "action").unwrap_or_default(),
        post: attribute(tag, "method").is_some_and(|method| method == "post"),
        values: inputs.collect(),
        buttons: buttons.collect(),
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    Some(plain(value))
}

fn text(html: &str) -> String {
    let mut out = String::new();
    for (at, part) in html.split('<').enumerate() {
        let words = if at == 0 { part } else { part.split_once('>').map_or("", |(_, words)| words) };
        out.push_str(words);
        out.push(' ');
    }
    let out = plain(&out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn encoded(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
