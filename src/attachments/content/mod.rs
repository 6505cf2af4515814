//! What a file is by what is in it, whatever it was called; and the file as it is kept: an image without what
//! is only about it. No image is decoded and nothing is unpacked, so there is no bomb to go off; sizes that
//! would be one for whoever opens the file are refused by what its headers say.

mod exif;
mod jpeg;
mod office;
mod png;
mod webp;

use actix_web::web::Bytes;

use crate::{
    http::{Code, Flaw, flaw::Place},
    text_enum::text_enum,
};

text_enum! {
    /// What may be uploaded.
    #[schema(as = AttachmentMediaType)]
    MediaType {
        Pdf = "application/pdf",
        Jpeg = "image/jpeg",
        Png = "image/png",
        Webp = "image/webp",
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Ods = "application/vnd.oasis.opendocument.spreadsheet",
    }
}

impl MediaType {
    /// The endings of its names; the first is what a name without one gets.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Webp => &["webp"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Ods => &["ods"],
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let essence = text.split(';').next().unwrap_or_default().trim();
        Self::ALL.iter().copied().find(|one| one.as_str().eq_ignore_ascii_case(essence))
    }
}

const MOST_PIXELS: u64 = 50_000_000;
const MOST_UNPACKED: u64 = 200 << 20;

/// An image without what is only about it: where and with what it was taken, what was written beside it.
struct Bare {
    image: Vec<u8>,
    width: u32,
    height: u32,
}

/// The file as it is kept.
///
/// # Errors
/// What is wrong with it: it is something else than was said, damaged, or a bomb.
pub fn examined(file: Bytes, said: MediaType) -> Result<Bytes, Flaw> {
    if file.is_empty() {
        return Err(Code::Empty.at(""));
    }
    let found = sniffed(&file);
    if found != Some(said) {
        let expected = found.map_or("the content", MediaType::as_str).to_owned();
        return Err(Flaw { place: Place::Header("Content-Type"), code: Code::Conflict, expected });
    }
    let bare = match said {
        MediaType::Jpeg => jpeg::bare(&file),
        MediaType::Png => png::bare(&file),
        MediaType::Webp => webp::bare(&file),
        MediaType::Pdf => return Ok(file),
        MediaType::Docx | MediaType::Xlsx | MediaType::Ods => {
            let unpacked = office::Directory::of(&file).map_or(u64::MAX, |directory| directory.unpacked);
            return match unpacked <= MOST_UNPACKED {
                true => Ok(file),
                false => Err(Code::TooLarge.expecting("", "200 MiB unpacked")),
            };
        }
    };
    let bare = bare.ok_or(Code::BadFormat.expecting("", said.as_str()))?;
    if u64::from(bare.width) * u64::from(bare.height) > MOST_PIXELS {
        return Err(Code::TooLarge.expecting("", "50 megapixels"));
    }
    Ok(bare.image.into())
}

fn sniffed(file: &[u8]) -> Option<MediaType> {
    match file {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(MediaType::Pdf),
        [0xff, 0xd8, 0xff, ..] => Some(MediaType::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(MediaType::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(MediaType::Webp),
        [b'P', b'K', 3, 4, ..] => office::Directory::of(file)?.media_type(),
        _ => None,
    }
}

/// The first `count` bytes, and the rest moves on.
fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, more) = rest.split_at_checked(count)?;
    *rest = more;
    Some(taken)
}

fn big_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn big_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn little_u16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn little_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
