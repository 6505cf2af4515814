//! Files made here, as small as their kind can be.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};

pub fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n\
      trailer<</Root 1 0 R>>\n%%EOF\n"
        .to_vec()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 0, 0, 0, 0]);
    // One row tells as much as all: nobody unpacks it.
    let mut data = ZlibEncoder::new(Vec::new(), Compression::best());
    data.write_all(&[0; 64]).unwrap();
    let parts = [chunk(b"IHDR", &header), chunk(b"IDAT", &data.finish().unwrap()), chunk(b"IEND", b"")];
    [&b"\x89PNG\r\n\x1a\n"[..], &parts.concat()].concat()
}

fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut checksum = Crc::new();
    checksum.update(name);
    checksum.update(content);
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], name, content, &checksum.sum().to_be_bytes()].concat()
}

pub fn webp(width: u32, height: u32) -> Vec<u8> {
    let sizes = (width - 1) | (height - 1) << 14;
    let image = [&[0x2f][..], &sizes.to_le_bytes(), &[0]].concat();
    let length = u32::try_from(image.len()).unwrap().to_le_bytes();
    let chunks = [&b"VP8L"[..], &length, &image].concat();
    [&b"RIFF"[..], &u32::try_from(chunks.len() + 4).unwrap().to_le_bytes(), b"WEBP", &chunks].concat()
}

/// What a block of EXIF says of a picture that was taken upright.
pub const ORIENTATION_6: [u8; 12] = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0];

pub const PICTURE: &[u8] = b"the picture itself";

pub fn jpeg(width: u16, height: u16, about: &[Vec<u8>]) -> Vec<u8> {
    let frame = [&[8][..], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]].concat();
    let mut image = [&[0xff, 0xd8][..], &segment(0xe0, b"JFIF\0\x01\x01\0\0\x48\0\x48\0\0")].concat();
    image.extend(about.concat());
    image.extend(segment(0xdb, &[0; 65]));
    image.extend(segment(0xc0, &frame));
    image.extend(segment(0xc4, &[0; 28]));
    image.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    image.extend(PICTURE);
    image.extend([0xff, 0xd9]);
    image
}

/// With all that a phone writes into one: the model, the place, what was edited, and a second image.
pub fn phone_photo() -> Vec<u8> {
    let mut block = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
    block.extend(ORIENTATION_6);
    block.extend(b"\0\0\0\0SM-A546E GPS 6.32 S 106.71 E");
    let about = [
        segment(0xe1, &block),
        segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"),
        segment(0xfe, b"a comment"),
    ];
    [jpeg(3000, 4000, &about), b"MPF second image with GPS".to_vec()].concat()
}

pub fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    [&[0xff, marker][..], &length.to_be_bytes(), content].concat()
}

pub fn office(main: &str) -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>", 8), (main, b"<document/>", 11)])
}

pub fn ods() -> Vec<u8> {
    let kind = super::ODS.as_bytes();
    zip(&[("mimetype", kind, kind.len()), ("content.xml", b"<document/>", 11)])
}

/// Name, what is stored, and how large it says it is unpacked.
pub fn zip(parts: &[(&str, &[u8], usize)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content, unpacked) in parts {
        let mut checksum = Crc::new();
        checksum.update(content);
        let sizes = [content.len(), *unpacked].map(|size| u32::try_from(size).unwrap().to_le_bytes());
        let lengths = [u16::try_from(name.len()).unwrap().to_le_bytes(), [0, 0]].concat();
        let about =
            [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &checksum.sum().to_le_bytes(), &sizes.concat(), &lengths];
        let about = about.concat();
        let at = u32::try_from(file.len()).unwrap().to_le_bytes();
        directory.extend([&b"PK\x01\x02\x14\0"[..], &about, &[0; 10], &at, name.as_bytes()].concat());
        file.extend([&b"PK\x03\x04"[..], &about, name.as_bytes(), content].concat());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let sizes = [directory.len(), file.len()].map(|size| u32::try_from(size).unwrap().to_le_bytes()).concat();
    let end = [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &sizes, &[0, 0]].concat();
    [file, directory, end].concat()
}
