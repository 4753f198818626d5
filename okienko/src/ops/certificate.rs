//! When the certificate that this process presents to other processes expires. Knows no page.

use anyhow::Context;
use metrics::gauge;
use x509_parser::pem::Pem;

/// Records the expiry of the first of these certificates (PEM): the one presented. A certificate that cannot be parsed
/// here may still be valid for others, so that is only a warning.
pub fn count(certificates: &str) {
    match ends(certificates) {
        Ok(ends) => gauge!("okienko_certificate_ends_seconds").set(ends as f64),
        Err(error) => tracing::warn!(%error, "nobody will be told when the certificate ends"),
    }
}

/// Seconds since the Unix epoch.
fn ends(certificates: &str) -> anyhow::Result<i64> {
    let all = Pem::iter_from_buffer(certificates.as_bytes());
    let first =
        all.flatten().find(|block| block.label == "CERTIFICATE").context("there is no certificate")?;
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
        let together = format!("{}{made}", key.serialize_pem());
        assert_eq!((ends(&made).unwrap(), ends(&together).unwrap()), (1_801_353_600, 1_801_353_600));
        assert!(ends("nothing").is_err());
    }
}
