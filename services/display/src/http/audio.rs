//! The sounds of halls as WAV files: the chime, and the voice of actual calls. Knows no hall.

use crate::service::Display;
use crate::voice::NoSound;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use okienko_web::{Code, Path, Problem};
use std::sync::Arc;

/// A sound's address is derived from its text: its content never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The chime may change in a later version.
const FOR_A_DAY: &str = "public, max-age=86400";

/// A sound: `chime.wav`, or one that an announcement named.
#[utoipa::path(get, path = "/audio/{file}", tag = "display", params(("file" = String, Path)),
    responses((status = 200, content_type = "audio/wav", body = Vec<u8>), (status = 404), (status = 503)))]
pub async fn audio(
    State(display): State<Arc<Display>>,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let name = file.strip_suffix(".wav").ok_or(Code::Unknown)?;
    if name == "chime" {
        return Ok(wav(display.voice.chime(), FOR_A_DAY));
    }
    match display.voice.sound(name).await {
        Ok(sound) => Ok(wav(sound, FOR_EVER)),
        Err(NoSound::Unknown) => Err(Code::Unknown.into()),
        Err(fault) => {
            tracing::warn!(error = %fault, "a call cannot be spoken");
            Err(Problem::unavailable(5))
        }
    }
}

fn wav(bytes: bytes::Bytes, keep: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "audio/wav"), (header::CACHE_CONTROL, keep)], bytes).into_response()
}
