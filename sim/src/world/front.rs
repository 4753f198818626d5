//! The outside surface of a run: people's requests go to a process that serves their path, through the same routers
//! that a socket would use. Does not know what a request means.

use crate::dice::Dice;
use crate::world::executor::{Executor, Group};
use crate::world::weather::Weather;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use bytes::Bytes;
use futures::StreamExt;
use http_body_util::BodyExt;
use okienko::Role;
use parking_lot::Mutex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::Poll;
use tokio::sync::mpsc;
use tower::ServiceExt;

/// Frames buffered on a stream.
const FRAMES: usize = 64;
/// How long a person waits for one request.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// A person's request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// `GET`, `POST`, …
    pub method: http::Method,
    /// The path with the query.
    pub path: String,
    /// Names and values of headers.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON body, if any.
    pub body: Option<Value>,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body; null if there is none.
    pub json: Value,
    /// Seconds to wait before the next attempt, if the answer names them.
    pub retry_after_s: Option<u64>,
}

impl Answer {
    /// The stable code of a refusal; empty for anything else.
    pub fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or_default()
    }
    /// A string in the answer, by JSON pointer.
    pub fn text(&self, pointer: &str) -> Option<String> {
        self.json.pointer(pointer)?.as_str().map(str::to_owned)
    }
}

/// No answer came: the request may or may not have been carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost;

/// The processes that serve people.
pub struct Front {
    executor: Executor,
    weather: Arc<Weather>,
    dice: Dice,
    sites: Mutex<BTreeMap<Role, Vec<(Group, Router)>>>,
}

impl Front {
    /// A front that nobody serves yet.
    pub fn new(executor: Executor, weather: Arc<Weather>, dice: Dice) -> Arc<Front> {
        Arc::new(Front { executor, weather, dice, sites: Mutex::default() })
    }

    /// Adds a process that serves the paths of these roles.
    pub fn open(&self, group: Group, roles: impl IntoIterator<Item = Role>, router: &Router) {
        let mut sites = self.sites.lock();
        for role in roles {
            sites.entry(role).or_default().push((group, router.clone()));
        }
    }

    /// Removes a process that is gone.
    pub fn forget(&self, group: Group) {
        self.sites.lock().values_mut().for_each(|sites| sites.retain(|(of, _)| *of != group));
    }

    /// Removes all processes.
    pub fn empty(&self) {
        drop(std::mem::take(&mut *self.sites.lock()));
    }

    /// Draws one of the processes that serve this path.
    fn site(&self, ask: &Ask) -> Option<(Group, Router)> {
        let sites = self.sites.lock();
        let sites = sites.get(&role_of(&ask.path))?;
        if sites.len() < 2 { sites.first().cloned() } else { self.dice.pick(sites).cloned() }
    }

    /// Asks once.
    pub async fn ask(&self, ask: Ask) -> Result<Answer, Lost> {
        let hangs_up = self.hang_up();
        tokio::time::timeout(PATIENCE, self.once(ask, hangs_up)).await.unwrap_or(Err(Lost))
    }

    /// Asks once and hangs up after this many polls of the handler, if it has not answered by then.
    pub async fn ask_and_hang_up(&self, ask: Ask, polls: u32) -> Result<Answer, Lost> {
        let hangs_up = HangsUp::AfterPolls(polls);
        tokio::time::timeout(PATIENCE, self.once(ask, hangs_up)).await.unwrap_or(Err(Lost))
    }

    async fn once(&self, ask: Ask, hangs_up: HangsUp) -> Result<Answer, Lost> {
        let faults = &self.weather.now().http;
        tokio::time::sleep(faults.delay(&self.dice)).await;
        if self.dice.chance(faults.lose_request) {
            return Err(Lost);
        }
        let (group, router) = self.site(&ask).ok_or(Lost)?;
        let request = request(&ask);
        let work = async move {
            let Ok(response) = router.oneshot(request).await;
            let (head, body) = response.into_parts();
            let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            (head, bytes)
        };
        let work = self.executor.run_in(group, hung_up(work, hangs_up));
        let (head, bytes) = work.await.map_err(|_| Lost)?.ok_or(Lost)?;
        tokio::time::sleep(faults.delay(&self.dice)).await;
        if self.dice.chance(faults.lose_answer) {
            return Err(Lost);
        }
        let after = head.headers.get(http::header::RETRY_AFTER);
        Ok(Answer {
            status: head.status.as_u16(),
            json: serde_json::from_slice(&bytes).unwrap_or_default(),
            retry_after_s: after.and_then(|value| value.to_str().ok()?.parse().ok()),
        })
    }

    /// Draws when the caller hangs up, so that the handler is dropped where it stands.
    fn hang_up(&self) -> HangsUp {
        match self.dice.chance(self.weather.now().http.hang_up) {
            false => HangsUp::Never,
            true if self.dice.chance(0.5) => HangsUp::AfterPolls(self.dice.range(1..12) as u32),
            true => HangsUp::After(self.dice.millis(0..40)),
        }
    }

    /// Opens an event stream; it ends when the process dies or the receiver is dropped.
    pub fn listen(&self, ask: &Ask) -> Option<mpsc::Receiver<Bytes>> {
        let (group, router) = self.site(ask)?;
        let request = request(ask);
        let (frames, heard) = mpsc::channel(FRAMES);
        let work = async move {
            let Ok(response) = router.oneshot(request).await;
            if !response.status().is_success() {
                return;
            }
            let mut body = response.into_body().into_data_stream();
            while let Some(Ok(frame)) = body.next().await {
                if frames.send(frame).await.is_err() {
                    return;
                }
            }
        };
        self.executor.spawn(group, Box::pin(work));
        Some(heard)
    }
}

/// When the caller hangs up.
#[derive(Clone, Copy, Debug)]
enum HangsUp {
    Never,
    After(std::time::Duration),
    AfterPolls(u32),
}

/// Runs the work, or drops it halfway.
async fn hung_up<T>(work: impl Future<Output = T>, when: HangsUp) -> Option<T> {
    match when {
        HangsUp::Never => Some(work.await),
        HangsUp::After(after) => tokio::time::timeout(after, work).await.ok(),
        HangsUp::AfterPolls(polls) => {
            let (mut work, mut left) = (Box::pin(work), polls);
            poll_fn(|context| {
                if left == 0 {
                    return Poll::Ready(None);
                }
                left -= 1;
                let told = work.as_mut().poll(context).map(Some);
                // Hangs up at this very moment, before anything else happens.
                if left == 0 && told.is_pending() { Poll::Ready(None) } else { told }
            })
            .await
        }
    }
}

fn request(ask: &Ask) -> http::Request<Body> {
    let mut request = http::Request::builder().method(ask.method.clone()).uri(&ask.path);
    for (name, value) in &ask.headers {
        request = request.header(*name, value);
    }
    if ask.body.is_some() {
        request = request.header("content-type", "application/json");
    }
    let body = ask.body.as_ref().map_or_else(Body::empty, |json| Body::from(json.to_string()));
    let mut request = request.body(body).unwrap_or_default();
    // The peer is the proxy in front of the processes, which names the caller in a header.
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))));
    request
}

/// The role that serves a path.
fn role_of(path: &str) -> Role {
    let of = |prefixes: &[&str]| prefixes.iter().any(|prefix| path.starts_with(prefix));
    if of(&["/api/v1/kiosk", "/api/v1/reception", "/api/v1/desk", "/kiosk", "/reception", "/desk"]) {
        Role::Queue
    } else if of(&["/api/v1/halls", "/api/v1/tickets", "/api/v1/open", "/hall", "/t/", "/counter"]) {
        Role::Display
    } else {
        Role::Booking
    }
}
