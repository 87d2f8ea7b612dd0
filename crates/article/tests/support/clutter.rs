//! What surrounds an article on a page.
