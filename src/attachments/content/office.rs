//! Office documents are ZIP files. What is in one is read from the directory at its end, which names each part
//! and says how large it is unpacked; nothing is unpacked.

use super::{MediaType, little_u16, little_u32};

pub struct Directory<'a> {
    file: &'a [u8],
    names: Vec<&'a [u8]>,
    /// All parts together, as they say themselves.
    pub unpacked: u64,
}

const END: &[u8] = b"PK\x05\x06";
const ENTRY: &[u8] = b"PK\x01\x02";
/// An end without a comment is 22 bytes long; a comment has at most 65,535.
const FARTHEST_END: usize = 22 + 65_535;

impl<'a> Directory<'a> {
    pub fn of(file: &'a [u8]) -> Option<Self> {
        let tail = file.get(file.len().saturating_sub(FARTHEST_END)..)?;
        let end = tail.get(tail.windows(4).rposition(|four| four == END)?..)?;
        let count = little_u16(end, 10)?;
        let mut rest = file.get(usize::try_from(little_u32(end, 16)?).ok()?..)?;
        let (mut names, mut unpacked) = (Vec::new(), 0_u64);
        for _ in 0..count {
            rest = rest.strip_prefix(ENTRY)?;
            let length = |at: usize| little_u16(rest, at - ENTRY.len()).map(usize::from);
            let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
            unpacked = unpacked.saturating_add(little_u32(rest, 24 - ENTRY.len())?.into());
            let header = 46 - ENTRY.len();
            names.push(rest.get(header..header + name)?);
            rest = rest.get(header + name + extra + comment..)?;
        }
        Some(Self { file, names, unpacked })
    }

    /// What the document is; none for other archives, and for documents with programs in them.
    pub fn media_type(&self) -> Option<MediaType> {
        let has = |name: &[u8]| self.names.contains(&name);
        let programs = |name: &&[u8]| name.ends_with(b"vbaProject.bin") || name.starts_with(b"Basic/");
        match () {
            () if self.names.iter().any(programs) => None,
            () if has(b"[Content_Types].xml") && has(b"word/document.xml") => Some(MediaType::Docx),
            () if has(b"[Content_Types].xml") && has(b"xl/workbook.xml") => Some(MediaType::Xlsx),
            () if self.says_of_itself(MediaType::Ods) && has(b"content.xml") => Some(MediaType::Ods),
            () => None,
        }
    }

    /// An open document begins with a part that holds its media type, as it is.
    fn says_of_itself(&self, media_type: MediaType) -> bool {
        let begins = self.file.get(30..).and_then(|rest| rest.strip_prefix(b"mimetype"));
        let rest = begins.and_then(|rest| rest.strip_prefix(media_type.as_str().as_bytes()));
        rest.is_some_and(|rest| rest.starts_with(b"PK"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_u32..100) {
            let end = [END, &[0; 6], &[9, 0], &[0; 4], &at.to_le_bytes(), &[0, 0]].concat();
            Directory::of(&[&b"PK\x03\x04"[..], ENTRY, &bytes, &end].concat());
        }
    }
}
