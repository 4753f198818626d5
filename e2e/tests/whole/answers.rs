//! What all answers have in common, whichever part of the program sends them.

use http::Method;
use okienko_e2e::House;

const SMALL: (&str, &str) = ("accept-encoding", "gzip");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_and_data_of_every_part_come_small_to_whoever_takes_them_so() {
    let house = House::demo().await.unwrap();
    let strangers = house.client.clone();
    let kiosk = house
        .client
        .with(&house.token(&["--role", "kiosk", "--office", "torun", "--location", "glowny"]).await.unwrap());
    // An asset's address contains a hash of its content, so it is read from the page.
    let page = strangers.get("/torun/book").await.unwrap().text;
    let style = page.split('"').find(|it| it.starts_with("/assets/") && it.contains(".css")).unwrap();
    for (part, client, path) in [
        ("booking", &strangers, "/torun/book"),
        ("booking", &strangers, "/api/v1/offices/torun"),
        ("queue", &kiosk, "/kiosk"),
        ("display", &strangers, "/t/nobody"),
        ("sign-in", &strangers, "/sign-in"),
        ("files", &strangers, style),
        ("the description", &strangers, "/api/openapi.json"),
        ("what is not there", &strangers, "/torun/nothing"),
    ] {
        let headers = [SMALL, ("accept", "text/html")];
        let answer = client.ask(Method::GET, path, None, &headers).await.unwrap();
        let how = answer.headers.get("content-encoding").and_then(|how| how.to_str().ok());
        assert_eq!(how, Some("gzip"), "{part}: {path}, {}", answer.status);
        let whole = client.ask(Method::GET, path, None, &headers[1..]).await.unwrap();
        assert!(!whole.headers.contains_key("content-encoding"), "{part}: {path}");
    }
}
