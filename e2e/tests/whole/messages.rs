//! The file in which an office sees its messages: each day by occasion and provider, and nothing about a person.

use okienko_e2e::House;
use okienko_e2e::visit::{Wish, book, message};

const PHONE: &str = "+48601222333";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_has_its_messages_as_a_file_with_what_they_cost() {
    let house = House::demo().await.unwrap();
    let wish = Wish::new("torun", "glowny", "meldunek", "2026-12-02", "10:00");
    book(&house, &house.client, &wish, "Anna Nowak", PHONE).await.unwrap();
    message(&house, PHONE, 2).await.unwrap();
    house.advance("PT1M").await.unwrap();
    let admin = house.client.with(&house.token(&["--role", "admin", "--office", "torun"]).await.unwrap());
    let headers = [("accept-language", "pl")];
    let answer = admin.ask(http::Method::GET, "/admin/messages.csv", None, &headers).await.unwrap();
    let file = answer.expect(200).unwrap();
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    let rows: Vec<Vec<&str>> =
        file.text.lines().map(|line| line.split(';').map(|cell| cell.trim_matches('"')).collect()).collect();
    assert!(rows[0].last().is_some_and(|head| *head == "Koszt"), "{rows:?}");
    for (occasion, parts, price) in [("Kod", "1", "0,09 zł"), ("Potwierdzenie rezerwacji", "2", "0,18 zł")]
    {
        let row =
            rows.iter().find(|row| row[1] == occasion).unwrap_or_else(|| panic!("{occasion}: {rows:?}"));
        assert_eq!((row[0], row[2]), ("2026-12-01", "SMS"), "{row:?}");
        assert_eq!((row[8], row[9]), (parts, price), "{row:?}");
    }
    assert!(!file.text.contains("601222333") && !file.text.contains("Nowak"), "{}", file.text);
}
