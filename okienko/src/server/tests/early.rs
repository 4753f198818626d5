//! Answers sent before the whole request has arrived: the connection ends with them, and they say so.

use super::*;

#[tokio::test]
async fn a_connection_that_ends_because_a_body_was_not_wanted_says_so_and_one_that_goes_on_does_not() {
    here(async {
        let served = served(long(), TrustedProxies::none());
        let json = "content-type: application/json\r\n";
        for (line, rest, ends) in [
            ("POST /nowhere", "content-length: 9\r\n\r\n123", true),
            ("POST /fast", "content-length: 9\r\n\r\n", true),
            ("DELETE /body", "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n", true),
            ("POST /body", "content-length: 70000\r\n\r\n123", true),
            ("PUT /nowhere", "expect: 100-continue\r\ncontent-length: 9\r\n\r\n", true),
            ("POST /body", "content-length: 3\r\n\r\nabc", false),
            ("POST /body", "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", false),
            ("POST /nowhere", "content-length: 0\r\n\r\n", false),
            ("GET /fast", "\r\n", false),
        ] {
            let mut stream = served.say(format!("{line} HTTP/1.1\r\nhost: o\r\n{json}{rest}")).await;
            let told = until(&mut stream, "\r\n\r\n").await.to_lowercase();
            assert_eq!(told.contains("connection: close"), ends, "{line} {rest}: {told}");
            if ends {
                heard(&mut stream).await;
                continue;
            }
            let next = "GET /fast HTTP/1.1\r\nhost: o\r\nconnection: close\r\n\r\n";
            stream.write_all(next.as_bytes()).await.unwrap();
            assert!(heard(&mut stream).await.ends_with("fast"), "{line} {rest}");
        }
    })
    .await;
}
