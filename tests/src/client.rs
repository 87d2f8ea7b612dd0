//! An HTTP client as any user has one.

/// A client that talks to this machine only.
///
/// # Panics
/// Where no client can be made, which only a defect causes.
#[must_use]
pub fn client() -> reqwest::Client {
    // The library asks for a choice even where nothing is encrypted; a choice made before is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client")
}
