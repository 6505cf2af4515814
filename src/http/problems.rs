//! The kinds of problems: one table of how each looks and what helps, and the pages that show it.

use std::fmt::Write;

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use log::Level::{self, Debug, Error, Info, Warn};

use crate::{
    error::{ApiError, Result},
    http::language::Language,
};

/// How a kind of error looks: the page that explains it, its status, its titles, what helps, its log level.
pub struct Look {
    pub slug: &'static str,
    pub status: u16,
    pub id: &'static str,
    pub en: &'static str,
    pub help_id: &'static str,
    pub help_en: &'static str,
    pub level: Level,
}

macro_rules! looks {
    ($($error:pat => $slug:literal $status:literal $level:ident
        [$id:literal $help_id:literal] [$en:literal $help_en:literal])+) => {
        pub const ALL: &[Look] = &[$(Look {
            slug: $slug, status: $status, id: $id, en: $en, help_id: $help_id, help_en: $help_en, level: $level,
        }),+];

        pub fn look(error: &ApiError) -> &'static Look {
            let slug = match error { $($error => $slug),+ };
            ALL.iter().find(|look| look.slug == slug).unwrap_or(&FALLBACK)
        }
    };
}

const FALLBACK: Look =
    Look { slug: "internal", status: 500, id: "", en: "", help_id: "", help_en: "", level: Error };

looks! {
    ApiError::Moved { .. } => "moved" 308 Debug
        ["Sudah digabung ke data lain" "Ikuti Location dan simpan id yang baru."]
        ["It was merged into another record" "Follow Location, and keep the new id."]
    ApiError::NotJson(_) => "not-json" 400 Debug
        ["Isi permintaan bukan JSON" "Kirim JSON yang sah dalam UTF-8."]
        ["The body is not JSON" "Send valid JSON in UTF-8."]
    ApiError::BadIdempotencyKey => "bad-idempotency-key" 400 Debug
        ["Idempotency-Key tidak sah" "Pakai 1 sampai 255 huruf ASCII yang dapat dicetak, misalnya UUID."]
        ["Not a usable Idempotency-Key" "Use 1 to 255 printable ASCII characters, a UUID for instance."]
    ApiError::BadTokenRequest(_) => "bad-token-request" 400 Debug
        ["Permintaan token tidak sah" "Periksa grant_type, client_id, client_secret, refresh_token, dan scope (RFC 6749)."]
        ["The token request is not valid" "Check grant_type, client_id, client_secret, refresh_token and scope (RFC 6749)."]
    ApiError::UnknownClient => "unknown-client" 401 Debug
        ["Klien tidak dikenal atau rahasianya salah" "Periksa client_id dan client_secret."]
        ["The client is unknown, or its secret is wrong" "Check client_id and client_secret."]
    ApiError::WrongCredentials => "wrong-credentials" 401 Info
        ["Surel, nomor telepon, atau kata sandi salah" "Periksa isian Anda. Lupa kata sandi? Minta undangan baru."]
        ["The e-mail address, telephone number or password is wrong" "Check what you entered. Forgotten? Ask for a new invitation."]
    ApiError::Unauthenticated(_) => "unauthenticated" 401 Debug
        ["Token akses tidak ada atau tidak sah" "Masuk lagi, atau perbarui token, lalu ulangi."]
        ["No valid access token was sent" "Log in again, or refresh the token, and repeat the request."]
    ApiError::Forbidden(_) => "forbidden" 403 Debug
        ["Peran atau cakupan token tidak mengizinkan ini" "Pakai peran yang berhak; bagian detail menyebut cakupan yang diperlukan."]
        ["The role or the token's scope does not allow this" "Use a role that may; the detail names the scope that is needed."]
    ApiError::NotFound => "not-found" 404 Debug
        ["Tidak ditemukan" "Data itu tidak ada, atau tidak boleh Anda lihat. Periksa alamat dan peran Anda."]
        ["Not found" "It does not exist, or is not visible to you. Check the address and your role."]
    ApiError::MethodNotAllowed { .. } => "method-not-allowed" 405 Debug
        ["Metode tidak didukung di alamat ini" "Pakai salah satu metode di header Allow."]
        ["The address does not support this method" "Use one of the methods in the Allow header."]
    ApiError::NotAcceptable => "not-acceptable" 406 Debug
        ["Bentuk jawaban yang diminta tidak ada" "Terima application/json."]
        ["The asked-for form of the answer does not exist" "Accept application/json."]
    ApiError::NotPossible { .. } => "not-possible" 409 Debug
        ["Tindakan tidak mungkin dalam status ini" "Pilih salah satu tindakan di possible, atau lihat …/transitions."]
        ["The action is not possible now" "Choose one of the actions in possible, or look at …/transitions."]
    ApiError::Blocked { .. } => "blocked" 409 Debug
        ["Ada data lain yang menghalangi" "Selesaikan dulu yang tercantum di blocked_by."]
        ["Other records stand in the way" "Finish what blocked_by lists first."]
    ApiError::Duplicate { .. } => "duplicate" 409 Debug
        ["Sudah ada" "Pakai data yang sudah ada; duplicate_of menunjukkannya bila boleh Anda lihat."]
        ["It exists already" "Use the record that exists; duplicate_of names it where you may see it."]
    ApiError::InProgress => "in-progress" 409 Debug
        ["Permintaan pertama dengan kunci ini masih berjalan" "Tunggu sebentar, lalu ulangi dengan kunci yang sama."]
        ["The first request with this key still runs" "Wait a moment and repeat with the same key."]
    ApiError::Stale { .. } => "stale" 412 Debug
        ["Data sudah berubah sejak dibaca" "Baca lagi, gabungkan perubahan Anda, lalu kirim dengan ETag yang baru."]
        ["It has changed since it was read" "Read it again, merge your change, and send it with the new ETag."]
    ApiError::Gone { .. } => "gone" 410 Info
        ["Kursor atau berkas ini sudah kedaluwarsa" "Mulai lagi di alamat yang disebut: untuk kursor, ambil yang baru, lalu ambil seluruh datanya; untuk berkas, minta yang baru."]
        ["This cursor or file has expired" "Begin anew at the address that is named: for a cursor take a new one, then fetch all there is; for a file ask for a new one."]
    ApiError::TooLarge(_) => "too-large" 413 Debug
        ["Isi permintaan terlalu besar" "Kirim dalam bagian yang lebih kecil."]
        ["The body is too large" "Send it in smaller parts."]
    ApiError::OutOfRange { .. } => "out-of-range" 416 Debug
        ["Bagian berkas yang diminta tidak ada" "Minta bagian di dalam berkas; Content-Range menyebut panjangnya."]
        ["There is nothing of the file where you asked" "Ask for a range within the file; Content-Range says how long it is."]
    ApiError::UnsupportedMediaType { .. } => "unsupported-media-type" 415 Debug
        ["Jenis isi tidak didukung" "Kirim dengan Content-Type yang disebut di detail."]
        ["The content type is not supported" "Send it with the Content-Type that the detail names."]
    ApiError::Invalid(_) => "invalid" 422 Debug
        ["Ada isian yang salah" "Perbaiki semua yang tercantum di errors; tidak ada yang disimpan."]
        ["Some of the input is wrong" "Mend all that errors lists; nothing was stored."]
    ApiError::ChooseGrant { .. } => "choose-grant" 422 Debug
        ["Pilih peran untuk masuk" "Kirim lagi dengan role, dan subject_id bila perlu, dari salah satu isi grants."]
        ["Choose the role to log in as" "Send it again with the role, and subject_id where needed, of one of the grants."]
    ApiError::KeyReused => "key-reused" 422 Debug
        ["Kunci sudah dipakai untuk permintaan lain" "Buat Idempotency-Key baru untuk permintaan baru."]
        ["The key was used for another request" "Make a new Idempotency-Key for a new request."]
    ApiError::PreconditionRequired => "precondition-required" 428 Debug
        ["Perubahan memerlukan If-Match" "Baca datanya dan kirim ETag-nya sebagai If-Match."]
        ["A change needs If-Match" "Read the record and send its ETag as If-Match."]
    ApiError::TooMany { .. } => "too-many" 429 Debug
        ["Terlalu banyak percobaan" "Tunggu selama Retry-After, lalu ulangi."]
        ["Too many attempts" "Wait as long as Retry-After says and repeat."]
    ApiError::Unavailable(_) => "unavailable" 503 Warn
        ["Layanan sementara tidak tersedia" "Ulangi setelah Retry-After, dengan Idempotency-Key yang sama."]
        ["The service is unavailable for a moment" "Repeat after Retry-After, with the same Idempotency-Key."]
    ApiError::Internal(_) => "internal" 500 Error
        ["Terjadi kesalahan pada layanan" "Laporkan request_id kepada pengelola layanan."]
        ["Something went wrong on our side" "Report the request_id to who runs the service."]
}

/// The page of one kind of problem: what `type` points at.
#[get("/problems/{slug}")]
pub async fn page(request: HttpRequest, slug: Path<String>) -> Result<HttpResponse> {
    let look = ALL.iter().find(|look| look.slug == *slug).ok_or(ApiError::NotFound)?;
    let language = Language::of(request.headers());
    let (title, help) = (language.pick(look.id, look.en), language.pick(look.help_id, look.help_en));
    let mut html = String::new();
    write!(
        html,
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><body style=\"font:1.1rem/1.6 sans-serif;\
         max-width:40rem;margin:3rem auto;padding:0 1rem\"><h1>{title}</h1><p><code>{} · {}</code></p><p>{help}</p>",
        language.pick("id", "en"),
        look.status,
        look.slug,
    )
    .map_err(ApiError::internal)?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html))
}
