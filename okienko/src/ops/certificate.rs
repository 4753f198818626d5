//! When the certificate that this process shows other processes ends. Knows no page.

use anyhow::Context;
use metrics::gauge;
use x509_parser::pem::Pem;

/// Counts the end of the first of these certificates (PEM): the one that is shown.
pub fn count(certificates: &str) -> anyhow::Result<()> {
    gauge!("okienko_certificate_ends_seconds").set(ends(certificates)? as f64);
    Ok(())
}

/// Seconds since the Unix epoch.
fn ends(certificates: &str) -> anyhow::Result<i64> {
    let first =
        Pem::iter_from_buffer(certificates.as_bytes()).next().context("there is no certificate")??;
    Ok(first.parse_x509()?.validity().not_after.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_read_and_what_is_none_is_told() {
        let mut wanted = rcgen::CertificateParams::new(vec!["okienko".to_owned()]).unwrap();
        wanted.not_after = rcgen::date_time_ymd(2027, 1, 31);
        let key = rcgen::KeyPair::generate().unwrap();
        let made = wanted.self_signed(&key).unwrap().pem();
        assert_eq!(ends(&made).unwrap(), 1_801_353_600);
        assert!(ends("nothing").is_err());
    }
}
