//! The code of a country or of an international organisation.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// ISO 3166 alpha-3 code of a country, or an organisation's code (`UNO`, `NATO`, `EUR`, `ASN`, `AFU`, `OPC`, `IGO`,
/// `NGO`, `IMG`). Kosovo, without an ISO code, is `KOS` as in the PLOVER manual.
///
/// Checked is the form only (three or four capital letters); whether a country bears the code is the knowledge tables' business.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode([u8; 4]);

impl CountryCode {
    /// Organisation codes in use besides the codes of countries.
    pub const ORGANISATIONS: [&'static str; 9] =
        ["AFU", "ASN", "EUR", "IGO", "IMG", "NATO", "NGO", "OPC", "UNO"];

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = if self.0[3] == 0 { 3 } else { 4 };
        // The bytes are capital ASCII letters by construction.
        std::str::from_utf8(&self.0[..length]).unwrap_or("UNK")
    }

    /// Whether the code stands for an organisation rather than a country.
    #[must_use]
    pub fn is_organisation(&self) -> bool {
        Self::ORGANISATIONS.contains(&self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text has not the form of a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a country or organisation code: three or four capital letters are expected")]
pub struct ParseCountryCodeError(pub String);

impl FromStr for CountryCode {
    type Err = ParseCountryCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.as_bytes();
        if !(3..=4).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_uppercase) {
            return Err(ParseCountryCodeError(text.to_owned()));
        }
        let mut code = [0; 4];
        code[..bytes.len()].copy_from_slice(bytes);
        Ok(Self(code))
    }
}

impl TryFrom<String> for CountryCode {
    type Error = ParseCountryCodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_checked() {
        assert_eq!("KOR".parse::<CountryCode>().unwrap().as_str(), "KOR");
        assert_eq!("NATO".parse::<CountryCode>().unwrap().as_str(), "NATO");
        assert!("NATO".parse::<CountryCode>().unwrap().is_organisation());
        for bad in ["", "KO", "kor", "KOREA", "K1R", "KÖR"] {
            assert!(bad.parse::<CountryCode>().is_err(), "{bad}");
        }
    }
}
