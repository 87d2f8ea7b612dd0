//! What comes in, and how much of it is allowed.

use jiff::Timestamp;

/// One document as it arrived.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// The bytes of the message or file.
    pub bytes: &'a [u8],
    /// `Content-Type` header, parameters included. Without one the content decides.
    pub content_type: Option<&'a str>,
    /// Address the document was fetched from, if any.
    pub url: Option<&'a str>,
    /// When it arrived. Only compared with; it never becomes a publication date.
    pub received_at: Timestamp,
    /// What message headers say about the article; wins over what the content says.
    pub overrides: Overrides<'a>,
}

impl<'a> Incoming<'a> {
    /// A document of which nothing is known but its bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8], received_at: Timestamp) -> Self {
        Self { bytes, content_type: None, url: None, received_at, overrides: Overrides::default() }
    }

    /// The same with a content type.
    #[must_use]
    pub fn with_content_type(self, content_type: &'a str) -> Self {
        Self { content_type: Some(content_type), ..self }
    }

    /// The same with the address it came from.
    #[must_use]
    pub fn with_url(self, url: &'a str) -> Self {
        Self { url: Some(url), ..self }
    }
}

/// Fields of the article given beside the content, for example in message headers.
///
/// Each is validated like the field of a JSON article of the same name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Overrides<'a> {
    /// The publisher's id.
    pub id: Option<&'a str>,
    /// Outlet or agency.
    pub source: Option<&'a str>,
    /// Headline.
    pub title: Option<&'a str>,
    /// Language tag.
    pub language: Option<&'a str>,
    /// Publication date in any form that a JSON article may give it.
    pub published_at: Option<&'a str>,
    /// Author line.
    pub byline: Option<&'a str>,
}

/// How large and how deep a document may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the document as it arrives.
    pub max_bytes: usize,
    /// Characters of the article's body.
    pub max_body_chars: usize,
    /// Characters of the title, and of source and byline.
    pub max_title_chars: usize,
    /// Characters of an id.
    pub max_id_chars: usize,
    /// Characters of an address.
    pub max_url_chars: usize,
    /// Nested arrays and objects of JSON.
    pub max_json_depth: usize,
    /// Nested elements of HTML. What is nested deeper is moved up, not rejected, until the double of it.
    pub max_html_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 8 * 1024 * 1024,
            max_body_chars: 400_000,
            max_title_chars: 1_000,
            max_id_chars: 200,
            max_url_chars: 2_000,
            max_json_depth: 32,
            max_html_depth: 256,
        }
    }
}
