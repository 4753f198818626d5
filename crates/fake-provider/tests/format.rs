//! The fake answers as SMSAPI's own clients expect it, over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::disallowed_methods,
    reason = "tests"
)]

use okienko_fake_provider::{FakeProvider, Mode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

async fn started(token: Option<&str>) -> (FakeProvider, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let provider = FakeProvider::new(token, Box::new(|| "now".into()));
    tokio::spawn(provider.clone().serve_http(listener));
    (provider, port)
}

/// The whole answer, or nothing where the connection ended without one.
async fn ask(port: u16, line: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let length = body.len();
    let head = "Host: fake\r\nConnection: close\r\nAuthorization: Bearer t\r\n";
    let text = format!("{line} HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

fn json(answer: &str) -> Value {
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

const FORM: &str = "to=48601234567&message=Kod%20123&from=Torun&format=json&idx=a1&check_idx=1";

#[tokio::test]
async fn a_good_form_is_accepted_in_smsapis_shape_and_listed() {
    let (provider, port) = started(Some("t")).await;
    let answer = json(&ask(port, "POST /sms.do", FORM).await);
    assert_eq!(answer["count"], 1);
    let sms = &answer["list"][0];
    assert_eq!(
        (&sms["number"], &sms["idx"], &sms["error"]),
        (&"48601234567".into(), &"a1".into(), &Value::Null)
    );
    let listed = json(&ask(port, "GET /admin/messages?to=%2B48601234567", "").await);
    let kept = &listed["messages"][0];
    assert_eq!(
        (&kept["text"], &kept["sender"], &kept["id"]),
        (&"Kod 123".into(), &"Torun".into(), &sms["id"])
    );
    assert_eq!(provider.arrived(" 48601234567").len(), 1);
}

#[tokio::test]
async fn the_same_idx_is_error_53_and_one_message_and_without_the_check_two() {
    let (provider, port) = started(None).await;
    ask(port, "POST /sms.do", FORM).await;
    assert_eq!(json(&ask(port, "POST /sms.do", FORM).await)["error"], 53);
    assert_eq!(provider.accepted()[0].asked, 2);
    ask(port, "POST /sms.do", &FORM.replace("&check_idx=1", "")).await;
    assert_eq!(provider.accepted().len(), 2);
}

#[tokio::test]
async fn faults_come_under_a_good_status_with_smsapis_numbers() {
    let (_, port) = started(Some("other")).await;
    assert_eq!(json(&ask(port, "POST /sms.do", FORM).await)["error"], 101);
    let (provider, port) = started(None).await;
    let answer = json(&ask(port, "POST /sms.do", &FORM.replace("48601234567", "48x")).await);
    assert_eq!((&answer["error"], &answer["invalid_numbers"][0]["number"]), (&13.into(), &"48x".into()));
    assert_eq!(json(&ask(port, "POST /sms.do", &FORM.replace("Kod%20123", "")).await)["error"], 11);
    assert!(provider.accepted().is_empty());
}

#[tokio::test]
async fn it_behaves_as_told_for_as_many_messages_as_told() {
    let (provider, port) = started(None).await;
    for (told, answers) in [
        (r#"{"mode":"status","status":500,"times":1}"#, "HTTP/1.1 500"),
        (r#"{"mode":"error","number":103,"times":1}"#, "103"),
        (r#"{"mode":"nonsense","times":1}"#, "<html>"),
    ] {
        assert!(ask(port, "POST /admin/behave", told).await.starts_with("HTTP/1.1 204"), "{told}");
        assert!(ask(port, "POST /sms.do", FORM).await.contains(answers), "{told}");
        assert!(provider.accepted().is_empty(), "{told}");
    }
    for bad in [r#"{"mode":"status","status":200}"#, r#"{"mode":"kind"}"#, ""] {
        assert!(ask(port, "POST /admin/behave", bad).await.starts_with("HTTP/1.1 422"), "{bad}");
    }
    provider.behave(Mode::HangUp, Some(1));
    assert_eq!(ask(port, "POST /sms.do", FORM).await, "");
    assert_eq!(provider.accepted().len(), 1);
    provider.behave(Mode::Lose, Some(1));
    let lost = ask(port, "POST /sms.do", &FORM.replace("a1", "a2")).await;
    assert_eq!(json(&lost)["list"][0]["idx"], "a2");
    assert_eq!((provider.accepted().len(), provider.arrived("+48601234567").len()), (2, 1));
    json(&ask(port, "POST /sms.do", &FORM.replace("a1", "a3")).await);
    assert_eq!(provider.arrived("+48601234567").len(), 2);
}
