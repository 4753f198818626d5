//! A screen in a hall: listens, reconnects after each break with the last event id it has seen, and must neither miss
//! an event nor see one twice. Knows only the outside surface.

use crate::town::{Place, Town};
use crate::world::front::Ask;
use bytes::Bytes;
use http::Method;
use std::sync::Arc;
use std::time::Duration;

/// A screen reconnects after this long without any frame; pings come every five seconds.
const SILENT: Duration = Duration::from_secs(15);

/// Listens until the run is over.
pub async fn watch(town: Arc<Town>, place: Arc<Place>) {
    let dice = town.ground.dice.fork(&format!("screen/{}/{}", place.office.id, place.location.id));
    let path = format!("/api/v1/halls/{}/{}/events", place.office.id, place.location.id);
    let mut seen: Option<LastEvent> = None;
    loop {
        let mut headers = vec![("x-forwarded-for", "10.0.0.9".to_owned())];
        headers.extend(seen.as_ref().map(|seen| ("last-event-id", seen.id.clone())));
        let ask = Ask { method: Method::GET, path: path.clone(), headers, body: None };
        // Screens are switched off now and then.
        let stays = Duration::from_secs(dice.range(600..30_000));
        if let Some(mut frames) = town.ground.front.listen(&ask) {
            let listening = async {
                while let Ok(Some(frame)) = tokio::time::timeout(SILENT, frames.recv()).await {
                    if let Err(what) = take(&frame, &mut seen) {
                        town.ground.watch.broken(format!("{path}: {what}"));
                    }
                }
            };
            let _ = tokio::time::timeout(stays, listening).await;
        }
        tokio::time::sleep(dice.millis(1_000..20_000)).await;
    }
}

/// The last event seen: its id, and its number within the journal's life. No journal is restored in a run, so there is
/// only one life.
#[derive(Clone, Debug)]
struct LastEvent {
    id: String,
    seq: u64,
}

/// Takes a frame: its number must follow the last one, except for a snapshot, which must never go back.
fn take(frame: &Bytes, seen: &mut Option<LastEvent>) -> Result<(), String> {
    let text = String::from_utf8_lossy(frame);
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let Some(id) = field("id: ") else { return Ok(()) };
    let seq = id.rsplit('-').next().and_then(|seq| seq.parse::<u64>().ok());
    let seq = seq.ok_or_else(|| format!("{id} is no number"))?;
    let snapshot = field("event: ") == Some("snapshot");
    let fits = match seen.as_ref().map(|seen| seen.seq) {
        None => true,
        Some(last) if snapshot => seq >= last,
        Some(last) => seq == last + 1,
    };
    if !fits {
        return Err(format!("number {seq} comes after {seen:?}"));
    }
    *seen = Some(LastEvent { id: id.to_owned(), seq });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_or_a_repeat_is_noticed_and_a_snapshot_is_none() {
        let mut seen = None;
        let frame =
            |event: &str, seq: u64| Bytes::from(format!("event: {event}\nid: 1-{seq}\ndata: {{}}\n\n"));
        assert!(take(&frame("board", 7), &mut seen).is_ok());
        assert!(take(&Bytes::from(": ping\n\n"), &mut seen).is_ok());
        assert!(take(&frame("call", 8), &mut seen).is_ok());
        assert!(take(&frame("snapshot", 20), &mut seen).is_ok());
        for bad in [frame("call", 22), frame("call", 20), frame("snapshot", 19)] {
            assert!(take(&bad, &mut seen.clone()).is_err());
        }
    }
}
