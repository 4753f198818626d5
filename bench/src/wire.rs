//! Kept-alive connections to the program, as cheap as possible because driver and server share the same cores. A line
//! drives its own connection in the task that asks, so that an answer wakes no other task. Knows no route.

use anyhow::Context;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{HeaderValue, Method, Request};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use okienko_address::town;
use serde_json::Value;
use std::pin::Pin;
use tokio::net::TcpStream;

type Out = Full<Bytes>;

/// An answer, read to its end.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON; null when it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
    /// Whether it is a problem document with this code.
    pub fn is_problem(&self, status: u16, code: &str) -> bool {
        self.status == status && self.json()["code"] == code
    }
    /// The answer, if it has this status; otherwise an error that shows it.
    pub fn expect(self, status: u16) -> anyhow::Result<Answer> {
        let said = || String::from_utf8_lossy(&self.body).into_owned();
        anyhow::ensure!(self.status == status, "wanted {status}, got {}: {}", self.status, said());
        Ok(self)
    }
    /// The string at a JSON pointer in the body.
    pub fn text(&self, pointer: &str) -> anyhow::Result<String> {
        let json = self.json();
        let found = json.pointer(pointer).and_then(Value::as_str);
        Ok(found.with_context(|| format!("no {pointer} in the answer"))?.to_owned())
    }
}

/// A request, built before the clock starts.
#[derive(Clone)]
pub struct Question {
    /// The method.
    pub method: Method,
    /// The path with its query.
    pub path: String,
    /// The address it comes from; the program's own machine if absent.
    pub from: Option<HeaderValue>,
    /// The token, as `Bearer …`.
    pub bearer: Option<HeaderValue>,
    /// A JSON body.
    pub body: Bytes,
}

impl Question {
    /// `GET`.
    pub fn get(path: impl Into<String>) -> Question {
        Question { method: Method::GET, path: path.into(), from: None, bearer: None, body: Bytes::new() }
    }
    /// `POST` with a JSON body.
    pub fn post(path: impl Into<String>, body: &Value) -> Question {
        Question { method: Method::POST, body: body.to_string().into(), ..Question::get(path) }
    }
    /// `PUT` with a JSON body.
    pub fn put(path: impl Into<String>, body: &Value) -> Question {
        Question { method: Method::PUT, ..Question::post(path, body) }
    }
    /// The same from person number `n`, who has a separate address.
    pub fn from(self, n: u32) -> Question {
        Question { from: HeaderValue::try_from(town::network(n)).ok(), ..self }
    }
    /// The same with a token.
    pub fn with(self, token: &str) -> Question {
        Question { bearer: HeaderValue::try_from(format!("Bearer {token}")).ok(), ..self }
    }

    fn request(self, base: &str) -> anyhow::Result<Request<Out>> {
        let mut request = Request::builder().method(self.method).uri(format!("{base}{}", self.path));
        if let Some(from) = self.from {
            request = request.header("x-forwarded-for", from);
        }
        if let Some(bearer) = self.bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        if !self.body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        Ok(request.body(Full::from(self.body))?)
    }
}

/// A kept-alive HTTP/1.1 connection of one person or device.
pub struct Line {
    host: HeaderValue,
    sender: http1::SendRequest<Out>,
    connection: Pin<Box<http1::Connection<TokioIo<TcpStream>, Out>>>,
}

impl Line {
    /// Connects to `address:port` and asks once, so that the server has accepted the connection.
    pub async fn open(address: &str) -> anyhow::Result<Line> {
        let mut line = Line::open_to(address).await?;
        line.ask(Question::get("/healthz")).await?.expect(200)?;
        Ok(line)
    }

    /// Connects to `address:port`, without asking anything.
    pub async fn open_to(address: &str) -> anyhow::Result<Line> {
        let stream = connect(address).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        Ok(Line { host: address.parse()?, sender, connection: Box::pin(connection) })
    }

    /// Opens `count` connections.
    pub async fn open_all(address: &str, count: u32) -> anyhow::Result<Vec<Line>> {
        let mut lines = Vec::new();
        for _ in 0..count {
            lines.push(Line::open(address).await.context("opening connections; is `ulimit -n` too low?")?);
        }
        Ok(lines)
    }

    /// Asks, and reads the answer to its end.
    pub async fn ask(&mut self, question: Question) -> anyhow::Result<Answer> {
        let mut request = question.request("")?;
        request.headers_mut().insert(HOST, self.host.clone());
        let sender = &mut self.sender;
        let exchange = async move {
            sender.ready().await?;
            read(sender.send_request(request).await?).await
        };
        tokio::select! {
            biased;
            answer = exchange => answer,
            ended = &mut self.connection => anyhow::bail!("the connection ended: {ended:?}"),
        }
    }

    /// Opens an event stream.
    pub async fn listen(mut self, path: &str) -> anyhow::Result<Events> {
        let mut request = Question::get(path).request("")?;
        request.headers_mut().insert(HOST, self.host.clone());
        let sender = &mut self.sender;
        let head = async move {
            sender.ready().await?;
            anyhow::Ok(sender.send_request(request).await?)
        };
        let response = tokio::select! {
            biased;
            head = head => head?,
            ended = &mut self.connection => anyhow::bail!("the connection ended: {ended:?}"),
        };
        anyhow::ensure!(response.status().is_success(), "{} for {path}", response.status());
        Ok(Events { line: self, body: response.into_body(), buffer: Vec::new() })
    }
}

/// An open stream of server-sent events.
pub struct Events {
    line: Line,
    body: Incoming,
    buffer: Vec<u8>,
}

impl Events {
    /// The data of the next event with that name; others are skipped.
    pub async fn next(&mut self, name: &str) -> anyhow::Result<Value> {
        loop {
            while let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                let frame: Vec<u8> = self.buffer.drain(..end + 2).collect();
                let frame = String::from_utf8_lossy(&frame);
                let field =
                    |name: &str| frame.lines().find_map(|line| line.strip_prefix(name).map(str::trim));
                if field("event:") == Some(name) {
                    return Ok(serde_json::from_str(field("data:").unwrap_or_default())?);
                }
            }
            let frame = tokio::select! {
                biased;
                frame = self.body.frame() => frame.context("the stream has ended")??,
                ended = &mut self.line.connection => anyhow::bail!("the connection ended: {ended:?}"),
            };
            if let Some(data) = frame.data_ref() {
                self.buffer.extend_from_slice(data);
            }
        }
    }
}

/// One of a few HTTP/2 connections that carry the requests of many people at once, as a proxy's would.
#[derive(Clone)]
pub struct Trunk {
    base: String,
    sender: http2::SendRequest<Out>,
}

impl Trunk {
    /// Connects to `address:port`; the connection is driven in `tasks`.
    pub async fn open(address: &str, tasks: &mut tokio::task::JoinSet<()>) -> anyhow::Result<Trunk> {
        let stream = connect(address).await?;
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        tasks.spawn(async move { drop(connection.await) });
        Ok(Trunk { base: format!("http://{address}"), sender })
    }

    /// Asks, and reads the answer to its end.
    pub async fn ask(&mut self, question: Question) -> anyhow::Result<Answer> {
        let request = question.request(&self.base)?;
        self.sender.ready().await?;
        read(self.sender.send_request(request).await?).await
    }
}

async fn connect(address: &str) -> anyhow::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn read(response: http::Response<Incoming>) -> anyhow::Result<Answer> {
    let status = response.status().as_u16();
    Ok(Answer { status, body: response.into_body().collect().await?.to_bytes() })
}
