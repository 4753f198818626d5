//! Every sentence of the three offices' texts: what the system does about it.

use okienko_e2e::sentences::{self, TEXTS};

async fn is_true_of(office: &str) {
    let results = sentences::run(office).await;
    println!("{}", sentences::table(&results));
    let false_ones: Vec<String> = results
        .iter()
        .filter_map(|it| it.seen.as_ref().err().map(|error| format!("{}: {error:#}", it.row.test)))
        .collect();
    assert!(false_ones.is_empty(), "{} of {}:\n{}", false_ones.len(), results.len(), false_ones.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sentence_of_torun_is_true_of_the_system() {
    is_true_of("torun").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sentence_of_kalisz_is_true_of_the_system() {
    is_true_of("kalisz").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sentence_of_wroclaw_is_true_of_the_system() {
    is_true_of("wroclaw").await;
}

#[test]
fn no_sentence_of_the_three_texts_is_without_a_row() {
    for (office, text) in TEXTS {
        let missing = sentences::missing(office, text);
        assert!(missing.is_empty(), "{office}: {missing:#?}");
    }
}
