//! The key file is made safely, refused when it is not safe, and its keys sign, verify and derive.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::PathBuf,
};

use aws_lc_rs::hmac::sign;
use jsonwebtoken::{Algorithm, Header, Validation, jwk::Jwk};
use uuid::Uuid;

use super::*;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// Keys of no file, each time others.
pub fn some_keys() -> Keys {
    Keys::of(&KeyFile::generate(NOW).unwrap()).unwrap()
}

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("seribu-keys-{}", Uuid::now_v7()));
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn key_file(&self) -> PathBuf {
        self.0.join("keys.json")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// What `load` says of a good file after `change`, without the file's name in front.
fn refusal_of(change: impl FnOnce(&mut Value)) -> String {
    let folder = Folder::new();
    let path = folder.key_file();
    Keys::create(&path, NOW).unwrap();
    let mut json = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut json);
    fs::write(&path, json.to_string()).unwrap();
    let said = Keys::load(&path).unwrap_err().to_string();
    said.strip_prefix(&format!("the key file {} ", path.display())).expect(&said).to_owned()
}

fn verifies(token: &str, keys: &Keys) -> bool {
    let kid = jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims::<&str>(&[]);
    let listed = keys.jwks()["keys"].as_array().unwrap().clone();
    let jwk = listed.into_iter().find(|key| key["kid"] == kid.as_str()).expect("a listed key");
    let published = DecodingKey::from_jwk(&serde_json::from_value::<Jwk>(jwk).unwrap()).unwrap();
    let verified = |key| jsonwebtoken::decode::<Value>(token, key, &validation).is_ok();
    let (by_published, by_own) = (verified(&published), verified(&keys.verification_keys()[&kid]));
    assert_eq!(by_published, by_own);
    by_own
}

fn a_token(keys: &Keys) -> String {
    let SigningKey { kid, key } = keys.signing_key();
    let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
    jsonwebtoken::encode(&header, &json!({ "sub": "someone" }), key).unwrap()
}

fn mac(keys: &Keys, purpose: &str) -> Vec<u8> {
    sign(&keys.purpose(purpose).unwrap(), b"x").as_ref().to_vec()
}

#[test]
fn a_new_key_file_is_private_alone_in_its_folder_and_never_overwritten() {
    let folder = Folder::new();
    let path = folder.key_file();
    let created = Keys::create(&path, NOW).unwrap();
    assert_eq!(mode(&path), 0o600);
    let before = fs::read(&path).unwrap();
    let again = Keys::create(&path, NOW).unwrap_err().to_string();
    assert!(again.contains("keys.json exists already"), "{again}");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "drafts are removed");
    assert_eq!(Keys::load(&path).unwrap().jwks(), created.jwks());
}

#[test]
fn a_file_that_others_can_read_or_write_is_refused() {
    let folder = Folder::new();
    let path = folder.key_file();
    Keys::create(&path, NOW).unwrap();
    for open in [0o640, 0o604, 0o620, 0o602, 0o644] {
        fs::set_permissions(&path, PermissionsExt::from_mode(open)).unwrap();
        let said = Keys::load(&path).unwrap_err().to_string();
        assert!(said.contains("keys.json is open to others"), "{said}");
    }
    fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).unwrap();
    assert!(Keys::load(&path).is_ok());
}

#[test]
fn a_missing_file_is_named() {
    let said = Keys::load(Path::new("/nowhere/keys.json")).unwrap_err().to_string();
    assert!(said.starts_with("the key file /nowhere/keys.json can't be read: "), "{said}");
}

#[test]
fn a_file_that_is_not_as_it_should_be_is_refused_with_its_reason() {
    let short = json!(BASE64_STANDARD.encode([1; 31]));
    let retired = json!("2026-01-01T00:00:00Z");
    let twice = |list: &mut Value| {
        let first = list[0].clone();
        list.as_array_mut().unwrap().push(first);
    };
    let two_active = |file: &mut Value| {
        twice(&mut file["signing"]);
        file["signing"][1]["kid"] = json!("another");
    };
    let refusals = [
        (refusal_of(|file| file["more"] = json!(1)), "is not a key file: unknown field `more`"),
        (
            refusal_of(|file| drop(file.as_object_mut().unwrap().remove("secret"))),
            "is not a key file: missing field",
        ),
        (refusal_of(|file| file["signing"][0]["retired_at"] = retired), "has no active signing key"),
        (refusal_of(|file| file["signing"] = json!([])), "has no active signing key"),
        (refusal_of(|file| twice(&mut file["signing"])), "has two signing keys with the kid"),
        (refusal_of(|file| file["signing"][0]["private_pem"] = json!("x")), "has a signing key"),
        (refusal_of(|file| twice(&mut file["wrapping"])), "has two wrapping keys with the id 1"),
        (refusal_of(|file| file["wrapping"] = json!([])), "has no wrapping key"),
        (
            refusal_of(|file| file["wrapping"][0]["key"] = short.clone()),
            "has a wrapping key 1 that is not 32 bytes",
        ),
        (refusal_of(|file| file["secret"] = short.clone()), "has a secret that is not 32 bytes"),
        (refusal_of(two_active), "has more than one active signing key"),
    ];
    for (said, expected) in refusals {
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn neither_an_error_nor_debug_tells_a_secret() {
    let secret = BASE64_STANDARD.encode([1; 32]);
    let misplaced = refusal_of(|file| file["wrapping"][0]["id"] = json!(secret));
    assert!(misplaced.starts_with("is not a key file: not JSON of the right form"), "{misplaced}");
    assert!(!misplaced.contains(&secret));
    let keys = some_keys();
    let names = format!("Keys {{ kid: {:?}, wrapping: [1], .. }}", keys.signing_key().kid);
    assert_eq!(format!("{keys:?}"), names);
}

#[test]
fn a_token_of_the_active_key_verifies_by_the_published_keys_and_a_forged_one_does_not() {
    let (keys, others) = (some_keys(), some_keys());
    assert!(verifies(&a_token(&keys), &keys));
    let forger = SigningKey { kid: keys.signing_key().kid.clone(), key: others.signing_key().key.clone() };
    assert!(!verifies(&a_token(&Keys { active: forger, ..others }), &keys));
    let jwk = &keys.jwks()["keys"][0];
    assert_eq!(jwk.as_object().unwrap().len(), 6, "no private member: {jwk}");
}

#[test]
fn after_a_rotation_old_tokens_verify_and_new_ones_are_signed_by_the_new_key() {
    let folder = Folder::new();
    let path = folder.key_file();
    let before = Keys::create(&path, NOW).unwrap();
    let old = a_token(&before);
    // Only root may give a file away; the service it was given to must still be able to read it.
    chown(&path, Some(65_534), Some(65_534)).ok();
    let owner = fs::metadata(&path).unwrap().uid();
    let after = Keys::rotate_signing(&path, NOW).unwrap();
    assert_ne!(after.signing_key().kid, before.signing_key().kid);
    assert!(verifies(&old, &after) && verifies(&a_token(&after), &after));
    assert_eq!((after.verification_keys().len(), fs::metadata(&path).unwrap().uid()), (2, owner));
    assert_eq!((mode(&path), fs::read_dir(&folder.0).unwrap().count()), (0o600, 1));
    assert_eq!(mac(&before, "cursors"), mac(&after, "cursors"), "rotation touches nothing else");
}

#[test]
fn each_purpose_has_a_key_of_its_own() {
    let (keys, others) = (some_keys(), some_keys());
    let cursors = mac(&keys, "cursors");
    assert_eq!(cursors, mac(&keys, "cursors"));
    assert_ne!(cursors, mac(&keys, "tokens"));
    assert_ne!(cursors, mac(&others, "cursors"));
    let cipher = hmac::Key::new(HMAC_SHA256, keys.cipher_key("cursors").unwrap().as_slice());
    assert_ne!(cursors, sign(&cipher, b"x").as_ref());
}
