//! How long a person may leave the staff pages alone before the password is asked for again. Devices are exempt, since
//! nobody stands at a ticket machine; so are programs that send `Authorization`, whose token expires by itself.
//!
//! The time of last activity is kept in a second cookie, signed for the token beside it, so that every role and replica
//! sees it without a store, and versions that do not know it keep accepting the token. Must not know what a page shows.

use crate::cookies::Cookie;
use crate::staff::{COOKIE as STAFF, Claims, Role, SignIn, TokenFault, bearer};
use data_encoding::BASE64URL_NOPAD as BASE64;
use http::{HeaderMap, HeaderValue, Method, header};
use okienko_kernel::{Moment, Span, keys};

/// The default: a long visit at a counter fits in, a lunch with the browser left open does not, and it is what NIST SP
/// 800-63B-4 names for this kind of sign-in.
pub const IDLE: Span = Span::from_mins(60);
/// The lifetime of a person's token, whatever they do: the longest day at a counter.
pub const SHIFT: Span = Span::from_hours(12);

/// The cookie with the time of last activity.
const SEEN: Cookie<'_> = Cookie::new("okienko_staff_seen");
/// Rewritten when older than this, not with every answer.
const FRESH: Span = Span::from_secs(60);
/// An upper bound of the clock difference between replicas.
const CLOCKS: Span = Span::from_mins(5);

/// A person using a browser's cookie who was recently active.
pub(crate) struct Here {
    claims: Claims,
    seen: Moment,
    /// Whether the person caused this request; pages also fetch many things by themselves.
    acts: bool,
}

impl SignIn {
    /// Refuses a person who was away too long.
    pub(crate) fn still_there(&self, claims: Claims, headers: &HeaderMap) -> Result<Claims, TokenFault> {
        let there = is_device(&claims) || self.now() < self.last_seen(&claims, headers) + self.idle;
        if there { Ok(claims) } else { Err(TokenFault::Idle) }
    }

    /// How long the person may still stay away; `None` for devices and bearers.
    pub(crate) fn left(&self, claims: &Claims, headers: &HeaderMap) -> Option<Span> {
        let asked = !is_device(claims) && bearer(headers).is_none();
        asked.then(|| (self.last_seen(claims, headers) + self.idle).since(self.now()))
    }

    /// When the person was last active: by the cookie, else when they signed in.
    fn last_seen(&self, claims: &Claims, headers: &HeaderMap) -> Moment {
        let now = self.now();
        let shown = SEEN.read(headers).and_then(|text| {
            let (at, mac) = text.split_once('.')?;
            let at = Moment::from_micros(at.parse().ok()?);
            let mac = BASE64.decode(mac.as_bytes()).ok()?;
            keys::equal(&self.seen_mac(claims, at), &mac).then_some(at)
        });
        // For a token made by hand nobody knows when it was first used; its cookie goes when the browser is closed.
        let begun = if claims.is_by_hand() { now } else { claims.expires.minus(SHIFT).min(now) };
        shown.filter(|at| *at < now + CLOCKS).unwrap_or(begun)
    }

    fn seen_mac(&self, claims: &Claims, at: Moment) -> Vec<u8> {
        let mac = self.keys().mac("staff-seen", &[claims.id.as_bytes(), &at.micros().to_be_bytes()]);
        mac[..16].to_vec()
    }

    fn seen_line(&self, claims: &Claims) -> String {
        let at = self.now();
        let mac = BASE64.encode(&self.seen_mac(claims, at));
        SEEN.written(self.secure_cookie, &format!("{}.{mac}", at.micros()), None)
    }
}

impl Here {
    /// The person asking, if a browser's cookie says so and they are still active.
    pub(crate) fn of(sign_in: &SignIn, method: &Method, headers: &HeaderMap) -> Option<Here> {
        let token = STAFF.read(headers).filter(|_| bearer(headers).is_none())?;
        let claims = sign_in.check(token).ok().filter(|claims| !is_device(claims))?;
        let claims = sign_in.still_there(claims, headers).ok()?;
        let seen = sign_in.last_seen(&claims, headers);
        Some(Here { claims, seen, acts: acts(method, headers) })
    }

    /// When their event streams end, unless they are active meanwhile and reconnect.
    pub(crate) fn ends(&self, sign_in: &SignIn) -> Moment {
        self.seen + sign_in.idle
    }
}

/// Sets the activity cookie when somebody was active or has just signed in.
pub(crate) fn remember(sign_in: &SignIn, here: Option<&Here>, headers: &mut HeaderMap) {
    let set = headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
    let signed = set.filter_map(|line| line.split(';').next()?.split_once('=')).find_map(|(name, value)| {
        // With HTTPS the name may be prefixed with `__Host-`.
        name.ends_with(STAFF.name).then(|| value.to_owned())
    });
    let line = match (signed, here) {
        (Some(token), _) if token.is_empty() => Some(SEEN.written(sign_in.secure_cookie, "", Some(0))),
        (Some(token), _) => {
            let claims = sign_in.check(&token).ok().filter(|claims| !is_device(claims));
            claims.map(|claims| sign_in.seen_line(&claims))
        }
        (None, Some(here)) if here.acts && sign_in.now() >= here.seen + FRESH => {
            Some(sign_in.seen_line(&here.claims))
        }
        _ => None,
    };
    if let Some(line) = line.and_then(|line| HeaderValue::from_str(&line).ok()) {
        // Inserted before the answer's own cookies, so that the token comes last.
        let others: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
        headers.insert(header::SET_COOKIE, line);
        others.into_iter().for_each(|other| _ = headers.append(header::SET_COOKIE, other));
    }
}

fn is_device(claims: &Claims) -> bool {
    claims.has(Role::Kiosk) || claims.has(Role::Screen)
}

/// Whether a person did this: opened a page or sent something. What a page keeps fetching by itself says nothing about
/// anybody being there.
fn acts(method: &Method, headers: &HeaderMap) -> bool {
    if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        // Over plain HTTP browsers send no fetch metadata; pages are requested as HTML, scripts accept anything.
        None => text("accept").is_some_and(|accept| accept.contains("text/html")),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "routes of a test")]
mod tests {
    use super::*;
    use crate::sign_in::sign_in_router;
    use crate::staff::{Staff, sign};
    use crate::{Surface, Texts};
    use axum::Router;
    use axum::body::Body;
    use axum::response::Response;
    use axum::routing::{get, post};
    use okienko_kernel::Keys;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};
    use tower::ServiceExt;

    /// Two replicas with the same keys and a clock moved by the test; a browser that keeps cookies.
    struct Office {
        clock: Arc<AtomicI64>,
        replicas: [Router; 2],
        cookies: Vec<(String, String)>,
        asked: usize,
    }

    const BEGIN: i64 = 1_796_104_800_000_000;

    fn claims(role: Role) -> Claims {
        let expires = Moment::from_micros(BEGIN) + SHIFT;
        let (location, counter) = (Some("glowny".to_owned()), None);
        Claims { id: "anna-1".into(), office: "torun".into(), roles: vec![role], location, counter, expires }
    }

    impl Office {
        fn with(role: Role) -> Office {
            let clock = Arc::new(AtomicI64::new(BEGIN));
            let replica = || {
                let shown = clock.clone();
                let now = Arc::new(move || Moment::from_micros(shown.load(Ordering::Relaxed)));
                let sign_in = Arc::new(SignIn::new(Keys::from_secret(b"k"), now));
                let routes = Router::new()
                    .route("/desk", get(|_: Staff| async { "desk" }))
                    .route("/api/v1/desk", get(|_: Staff| async { "{}" }))
                    .route("/api/v1/desk/next", post(|_: Staff| async { "{}" }))
                    .merge(sign_in_router());
                Surface::new(Arc::new(Texts::new(&[], &[]))).sign_in(sign_in).whole(routes)
            };
            let token = sign(&Keys::from_secret(b"k"), &claims(role));
            let replicas = [replica(), replica()];
            Office { replicas, clock, cookies: vec![(STAFF.name.to_owned(), token)], asked: 0 }
        }
        fn after(&mut self, minutes: i64) -> &mut Office {
            self.clock.fetch_add(minutes * 60_000_000, Ordering::Relaxed);
            self
        }
        async fn ask(&mut self, method: &str, path: &str, more: &[(&str, &str)]) -> Response {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let mut request = http::Request::builder()
                .method(method)
                .uri(path)
                .header("host", "o.pl")
                .header("origin", "http://o.pl")
                .header("cookie", cookies.join("; "));
            for (name, value) in more {
                request = request.header(*name, *value);
            }
            self.asked += 1;
            let replica = self.replicas[self.asked % 2].clone();
            let response = replica.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            for line in response.headers().get_all(header::SET_COOKIE) {
                let (name, value) =
                    line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
            response
        }
        async fn opens(&mut self) -> u16 {
            self.ask("GET", "/desk", &[("sec-fetch-mode", "navigate"), ("accept", "text/html")])
                .await
                .status()
                .as_u16()
        }
        async fn polls(&mut self) -> u16 {
            self.ask("GET", "/api/v1/desk", &[("sec-fetch-mode", "cors"), ("accept", "*/*")])
                .await
                .status()
                .as_u16()
        }
        async fn presses(&mut self) -> u16 {
            self.ask("POST", "/api/v1/desk/next", &[("sec-fetch-site", "same-origin")])
                .await
                .status()
                .as_u16()
        }
    }

    #[tokio::test]
    async fn whoever_works_stays_in_all_day_and_whoever_leaves_the_desk_is_asked_again_at_every_replica() {
        let mut office = Office::with(Role::Clerk);
        for _ in 0..10 {
            assert_eq!(office.after(59).presses().await, 200);
            assert_eq!(office.after(1).opens().await, 200);
        }
        // The page on the screen keeps polling, which is no sign of a person.
        for _ in 0..14 {
            assert_eq!(office.after(4).polls().await, 200);
        }
        office.after(4);
        for _ in 0..2 {
            assert_eq!(office.polls().await, 403);
            assert_eq!(office.presses().await, 403);
        }
        let leads = office.ask("GET", "/desk?x=1", &[("accept", "text/html")]).await;
        assert_eq!(leads.headers()["location"], "/sign-in?to=%2Fdesk%3Fx%3D1&why=idle");
        assert_eq!(office.polls().await, 403, "looking at the way in is no way in");
    }

    #[tokio::test]
    async fn the_limit_is_met_to_the_minute_and_devices_and_programs_know_none() {
        for (role, minutes, told) in [
            (Role::Clerk, 59, 200),
            (Role::Clerk, 60, 403),
            (Role::Reception, 61, 403),
            (Role::Supervisor, 300, 403),
            (Role::Admin, 60, 403),
            (Role::Auditor, 90, 403),
            (Role::Operator, 719, 403),
            (Role::Kiosk, 719, 200),
            (Role::Screen, 719, 200),
            (Role::Kiosk, 60, 200),
        ] {
            let mut office = Office::with(role);
            office.opens().await;
            assert_eq!(office.after(minutes).polls().await, told, "{role:?} after {minutes} minutes");
            let (_, token) = office.cookies.remove(0);
            office.cookies.clear();
            let bearer = format!("Bearer {token}");
            let program = office.ask("GET", "/api/v1/desk", &[("authorization", &bearer)]).await;
            assert_eq!(program.status().as_u16(), 200, "{role:?}: a program");
        }
    }

    #[tokio::test]
    async fn what_a_browser_says_about_itself_is_believed_only_if_we_wrote_it_for_that_token() {
        let now = BEGIN + 120 * 60_000_000;
        let mut other = Office::with(Role::Clerk);
        other.clock.store(now, Ordering::Relaxed);
        let theirs = SignIn::new(Keys::from_secret(b"k"), Arc::new(move || Moment::from_micros(now)));
        let of_other = theirs.seen_line(&Claims { id: "piotr-1".into(), ..claims(Role::Clerk) });
        let forged_keys = SignIn::new(Keys::from_secret(b"x"), Arc::new(move || Moment::from_micros(now)));
        let forged = forged_keys.seen_line(&claims(Role::Clerk));
        let value = |line: &str| line.split(';').next().unwrap().split_once('=').unwrap().1.to_owned();
        let good = value(&theirs.seen_line(&claims(Role::Clerk)));
        let late = SignIn::new(Keys::from_secret(b"k"), Arc::new(move || Moment::from_micros(now * 2)));
        for (seen, told) in [
            (good.clone(), 200),
            (value(&of_other), 403),
            (value(&forged), 403),
            (value(&late.seen_line(&claims(Role::Clerk))), 403),
            (String::new(), 403),
            (".".into(), 403),
            ("1.2.3".into(), 403),
            (good[1..].to_owned(), 403),
            (format!("{}.AAAA", i64::MAX), 403),
            (format!("-{good}"), 403),
            ("żółw.żółw".into(), 403),
        ] {
            other.cookies.truncate(1);
            if seen.is_ascii() {
                other.cookies.push((SEEN.name.to_owned(), seen.clone()));
            }
            assert_eq!(other.polls().await, told, "{seen}");
        }
    }

    #[tokio::test]
    async fn a_page_learns_how_long_it_has_and_says_that_somebody_is_there() {
        let mut office = Office::with(Role::Clerk);
        office.opens().await;
        let left = async |office: &mut Office, method: &str| {
            let answer = office.ask(method, "/sign-in/here", &[("sec-fetch-mode", "cors")]).await;
            let bytes = axum::body::to_bytes(answer.into_body(), 1_000).await.unwrap();
            serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()["left_s"].as_i64()
        };
        assert_eq!(left(office.after(50), "GET").await, Some(600));
        assert_eq!(left(&mut office, "POST").await, Some(3600));
        assert_eq!(left(office.after(50), "GET").await, Some(600));
        let mut machine = Office::with(Role::Kiosk);
        assert_eq!(left(&mut machine, "GET").await, None);
    }
}
