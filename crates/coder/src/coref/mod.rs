//! Who is who inside an article: short names, pronouns, descriptions and groups.
