//! `docs/messages/` says what the types say. `UPDATE=1 cargo test -p entente-messages` rewrites it, as
//! `cargo xtask generate` does.

use std::fs;
use std::path::Path;

#[test]
fn the_committed_reference_is_that_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/messages");
    let files = entente_messages::reference::files();
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(&folder).expect("created");
        for (name, text) in &files {
            fs::write(folder.join(name), text).expect("written");
        }
    }
    for (name, text) in &files {
        let committed = fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(committed == *text, "docs/messages/{name} is stale: run `cargo xtask generate`");
    }
    for entry in fs::read_dir(&folder).expect("docs/messages") {
        let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
        assert!(
            !name.ends_with(".json") || files.contains_key(&name),
            "docs/messages/{name} belongs to no message"
        );
    }
}
