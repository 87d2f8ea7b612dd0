//! Reads a text from standard input and writes its analysis as CoNLL-U.

use std::io::Read as _;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    print!("{}", entente_language::conllu::parse_text(&text));
    Ok(())
}
