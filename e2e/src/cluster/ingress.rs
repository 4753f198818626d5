//! A small ingress in front of the replicas: routes each path to its role, passes `X-Forwarded-For` on, streams bodies
//! and events, has no limits of its own. Two paths belong to the harness: `/dev/outbox` and `/dev/clock`. Knows no
//! office and no visit.

use super::dev::Dev;
use super::table::{Role, role_of};
use super::upstream::{NoAnswer, Upstream, whole};
use anyhow::Result;
use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Uri, Version, header};
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A streamed body.
pub type Body = BoxBody<Bytes, hyper::Error>;

/// Hop-by-hop headers, which are not passed on.
const OWN: [HeaderName; 5] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];
const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The ingress with its upstreams.
pub struct Ingress {
    roles: BTreeMap<Role, Upstream>,
    dev: Dev,
}

impl Ingress {
    /// Routes each role's paths to its replicas, given by their HTTP ports.
    pub fn new(roles: BTreeMap<Role, Vec<u16>>, dev: Dev) -> Ingress {
        let roles = roles.into_iter().map(|(role, ports)| (role, Upstream::new(ports))).collect();
        Ingress { roles, dev }
    }

    /// Serves for as long as it is polled; connections end with it.
    pub async fn serve(self: Arc<Self>, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            let Ok((stream, peer)) = listener.accept().await else { continue };
            while connections.try_join_next().is_some() {}
            connections.spawn(self.clone().serve_one(stream, peer));
        }
    }

    async fn serve_one(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request| {
            let ingress = self.clone();
            async move { Ok::<_, Infallible>(ingress.answer(request, peer.ip()).await) }
        });
        // A client may disconnect at any time; that is no error.
        let _ =
            auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
    }

    async fn answer(&self, request: Request<Incoming>, peer: IpAddr) -> Response<Body> {
        let path = request.uri().path().to_owned();
        if path.starts_with("/dev/") {
            return self.dev.answer(request).await;
        }
        let Some(upstream) = self.roles.get(&role_of(&path)) else {
            return problem(StatusCode::NOT_FOUND, "unknown");
        };
        match upstream.ask(handed_on(request, peer)).await {
            Ok(response) => {
                let (mut parts, body) = response.into_parts();
                OWN.iter().for_each(|name| drop(parts.headers.remove(name)));
                parts.version = Version::default();
                Response::from_parts(parts, body.boxed())
            }
            Err(NoAnswer::NobodyThere) => problem(StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Err(NoAnswer::Lost) => problem(StatusCode::BAD_GATEWAY, "unavailable"),
        }
    }
}

/// The request as a replica receives it: HTTP/1.1, with the original host and the caller's address.
fn handed_on(request: Request<Incoming>, peer: IpAddr) -> Request<Body> {
    let (mut parts, body) = request.into_parts();
    OWN.iter().for_each(|name| drop(parts.headers.remove(name)));
    if let Some(host) = parts.uri.authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok()) {
        parts.headers.insert(header::HOST, host);
    }
    forward(&mut parts.headers, peer);
    let path = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    parts.uri = Uri::from(path);
    parts.version = Version::HTTP_11;
    Request::from_parts(parts, body.boxed())
}

/// Appends the caller's address to the list of earlier ones.
fn forward(headers: &mut HeaderMap, peer: IpAddr) {
    let before: Vec<&str> = headers.get_all(FORWARDED).iter().filter_map(|line| line.to_str().ok()).collect();
    let list = before.into_iter().map(str::to_owned).chain([peer.to_canonical().to_string()]);
    if let Ok(value) = HeaderValue::from_str(&list.collect::<Vec<_>>().join(", ")) {
        headers.insert(FORWARDED, value);
    }
}

/// A refusal in the same format as the program's own.
pub fn problem(status: StatusCode, code: &str) -> Response<Body> {
    let body = serde_json::json!({"title": code, "status": status.as_u16(), "code": code}).to_string();
    let mut response = Response::new(whole(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// Binds a port of this machine for an ingress.
pub async fn bind(listen: SocketAddr) -> Result<(TcpListener, String)> {
    let listener = TcpListener::bind(listen).await?;
    let base = format!("http://{}", listener.local_addr()?);
    Ok((listener, base))
}
