//! Stands between clients and a server on this machine and loses what it is told to lose: a question on its way there, or
//! the answer on its way back. Knows bytes, no protocol.

use anyhow::Result;
use parking_lot::Mutex;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;

/// What happens to the next bytes that pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plan {
    Pass,
    LoseQuestion,
    LoseAnswer,
}

struct State {
    plan: Plan,
    open: bool,
    live: Vec<TcpStream>,
    lost: u32,
}

/// A way to a server that can be cut.
pub struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Proxy {
    /// Listens on a free port and leads to `server` on this machine.
    pub fn to(server: u16) -> Result<Proxy> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let state = Arc::new(Mutex::new(State { plan: Plan::Pass, open: true, live: vec![], lost: 0 }));
        let shared = state.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let _ = lead(client, server, &shared);
            }
        });
        Ok(Proxy { port, state })
    }

    /// Where clients connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The next bytes from a client never arrive, and its connection ends.
    pub fn lose_next_question(&self) {
        self.state.lock().plan = Plan::LoseQuestion;
    }

    /// The next bytes from a server never arrive, and the connection ends: what was asked is done.
    pub fn lose_next_answer(&self) {
        self.state.lock().plan = Plan::LoseAnswer;
    }

    /// How many questions and answers were lost.
    pub fn lost(&self) -> u32 {
        self.state.lock().lost
    }

    /// Ends every connection and takes no new one until [`Proxy::mend`].
    pub fn cut(&self) {
        let mut state = self.state.lock();
        state.open = false;
        for stream in state.live.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Takes connections again.
    pub fn mend(&self) {
        self.state.lock().open = true;
    }
}

fn lead(client: TcpStream, server: u16, state: &Arc<Mutex<State>>) -> Result<()> {
    if !state.lock().open {
        return Ok(());
    }
    let upstream = TcpStream::connect((Ipv4Addr::LOCALHOST, server))?;
    for stream in [&client, &upstream] {
        stream.set_nodelay(true)?;
        state.lock().live.push(stream.try_clone()?);
    }
    let ways = [
        (client.try_clone()?, upstream.try_clone()?, Plan::LoseQuestion),
        (upstream, client, Plan::LoseAnswer),
    ];
    for (from, to, loses) in ways {
        let state = state.clone();
        std::thread::spawn(move || carry(from, to, loses, &state));
    }
    Ok(())
}

fn carry(mut from: TcpStream, mut to: TcpStream, loses: Plan, state: &Mutex<State>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        if length == 0 || loses_now(loses, state) || to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    for stream in [from, to] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn loses_now(loses: Plan, state: &Mutex<State>) -> bool {
    let mut state = state.lock();
    let now = state.plan == loses;
    if now {
        state.plan = Plan::Pass;
        state.lost += 1;
    }
    now
}
