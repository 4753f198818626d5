//! A client that connects to the roles must start sending in time; after that, pings check it. Knows no call.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tonic::transport::server::Connected;

/// HTTP/2 starts with this many constant bytes; TLS with more.
const WORDS: usize = 24;

/// A connection whose first bytes must arrive within a time limit.
pub struct FirstWords<T> {
    io: T,
    missing: usize,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl<T> FirstWords<T> {
    /// Sets that limit.
    pub fn within(limit: Duration, io: T) -> FirstWords<T> {
        FirstWords { io, missing: WORDS, sleep: Some(Box::pin(sleep(limit))) }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for FirstWords<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.io).poll_read(cx, buf);
        if self.sleep.is_some() {
            self.missing = self.missing.saturating_sub(buf.filled().len() - before);
        }
        if self.missing == 0 {
            self.sleep = None;
        }
        let late = self.sleep.as_mut().is_some_and(|sleep| sleep.as_mut().poll(cx).is_ready());
        if late && read.is_pending() { Poll::Ready(Err(io::ErrorKind::TimedOut.into())) } else { read }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for FirstWords<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }
    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

impl<T: Connected> Connected for FirstWords<T> {
    type ConnectInfo = T::ConnectInfo;

    fn connect_info(&self) -> T::ConnectInfo {
        self.io.connect_info()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test(start_paused = true)]
    async fn who_does_not_begin_in_time_is_left_and_who_began_may_be_silent() {
        for (said, stays) in [(0, false), (1, false), (WORDS - 1, false), (WORDS, true), (WORDS * 2, true)] {
            let (mut theirs, ours) = duplex(1024);
            let mut ours = FirstWords::within(Duration::from_secs(10), ours);
            theirs.write_all(&vec![b'P'; said]).await.unwrap();
            let mut bytes = [0; 1024];
            let listening = async {
                loop {
                    if ours.read(&mut bytes).await.is_err() {
                        return;
                    }
                }
            };
            let left = tokio::time::timeout(Duration::from_secs(60), listening).await.is_ok();
            assert_eq!(left, !stays, "{said}");
        }
    }
}
