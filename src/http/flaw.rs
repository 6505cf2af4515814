//! One thing that is wrong with the input: where, a code to branch on, a sentence to show.

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub place: Place,
    pub code: Code,
    /// What would have been right: a limit, a pattern, the allowed values.
    pub expected: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// RFC 6901, into the body.
    Pointer(String),
    /// The name of a query parameter.
    Parameter(String),
    Header(&'static str),
}

macro_rules! codes {
    ($($name:ident $code:literal $id:literal $en:literal)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(clippy::enum_variant_names, reason = "`UnknownCode` is about a code of a list")]
        pub enum Code { $($name),+ }

        impl Code {
            pub fn words(self) -> Words {
                match self { $(Self::$name => Words { code: $code, id: $id, en: $en }),+ }
            }
        }
    };
}

/// A code's text, and its sentence in Indonesian and in English; `{}` is what was expected.
pub struct Words {
    pub code: &'static str,
    pub id: &'static str,
    pub en: &'static str,
}

codes! {
    Required      "required"       "wajib diisi"                          "is required"
    Unknown       "unknown"        "tidak dikenal"                        "is not known here"
    Empty         "empty"          "tidak boleh kosong"                   "must not be empty"
    Repeated      "repeated"       "hanya boleh sekali"                   "may stand only once"
    WrongType     "wrong_type"     "jenis nilainya harus {}"              "must be of type {}"
    TooShort      "too_short"      "paling pendek {}"                     "must be at least {} long"
    TooLong       "too_long"       "paling panjang {}"                    "must be at most {} long"
    TooSmall      "too_small"      "paling kecil {}"                      "must be at least {}"
    TooLarge      "too_large"      "paling besar {}"                      "must be at most {}"
    TooDeep       "too_deep"       "paling dalam {} tingkat"              "must be at most {} levels deep"
    BadFormat     "bad_format"     "bentuknya harus {}"                   "must look like {}"
    NotAllowed    "not_allowed"    "harus salah satu dari {}"             "must be one of {}"
    UnknownCode   "unknown_code"   "bukan kode dari daftar {}"            "is no code of the list {}"
    BadCursor     "bad_cursor"     "kursor tidak berlaku untuk daftar ini" "is not a cursor of this list"
    NoSuchRecord  "no_such_record" "tidak ditemukan"                      "does not exist"
    Hidden        "hidden"         "tidak boleh diubah oleh peran ini"    "may not be changed by this role"
    NotYours      "not_yours"      "diisi oleh pihak lain"                "is kept by someone else"
    InTheFuture   "in_the_future"  "tidak boleh di masa depan"            "must not be in the future"
    TooEarly      "too_early"      "paling awal {}"                       "must not be before {}"
    TooLate       "too_late"       "paling akhir {}"                      "must not be after {}"
    RetiredCode   "retired_code"   "kode lama: {}"                        "is an old code: {}"
    NotConsented  "not_consented"  "belum ada persetujuan pemilik data"   "the person has not consented to this"
    SpentCode     "spent_code"     "sudah dipakai atau lewat waktunya"    "was used already, or has run out"
    WrongCode     "wrong_code"     "kode salah"                           "is the wrong code"
    Fixed         "fixed"          "tidak dapat diubah lagi"              "cannot be changed any more"
    Conflict      "conflict"       "tidak cocok dengan {}"                "does not go with {}"
    RefersToNothing "refers_to_nothing" "merujuk ke kode yang tidak ada"   "refers to a code that is not there"
    ImplausibleValue "implausible_value" "hanya dapat bernilai {}"         "can only be {}"
    NotTheScale   "not_the_scale"  "harus semua nilai skala, berurutan: {}" "must be all values of the scale, in order: {}"
    NotSumOfItems "not_sum_of_items" "harus jumlah bobot butirnya, {}"     "must be the sum of its items' weights, {}"
    WrongSum      "wrong_sum"      "jumlah bobotnya harus {}"             "must weigh {} together"
    CanLoseAllItems "can_lose_all_items" "perlu satu butir yang berlaku untuk semua subsektor" "needs an item that applies to every subsector"
    PotentialCanLoseAllItems "potential_can_lose_all_items" "perlu satu butir yang menghitung potensi dan berlaku untuk semua subsektor" "need one that counts toward the potential and applies to every subsector"
    Gap           "gap"            "tidak ada kelas bila {}"              "have no class for {}"
    TooManyCases  "too_many_cases" "terlalu rumit untuk diperiksa: tambahkan kelas terakhir untuk score gte 0" "are too many cases to check: add a last class for score gte 0"
    WrongCells    "wrong_number_of_cells" "jumlah selnya tidak sama dengan kepala tabel: {}" "does not have as many cells as the header: {}"
    NotApplicable "not_applicable" "tidak berlaku untuk subsektor {}"     "does not apply to the subsector {}"
    PrivateAddress "private_address" "harus alamat di internet publik"    "must be an address on the public internet"
    Invalid       "invalid"        "tidak sah: {}"                        "is not valid: {}"
}

/// RFC 6901: a client's own words may stand in it.
pub fn pointer(parts: &[&str]) -> String {
    parts.iter().map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1"))).collect()
}

impl Code {
    pub fn at(self, pointer: impl Into<String>) -> Flaw {
        self.expecting(pointer, "")
    }

    pub fn expecting(self, pointer: impl Into<String>, expected: impl ToString) -> Flaw {
        Flaw { place: Place::Pointer(pointer.into()), code: self, expected: expected.to_string() }
    }

    pub fn of_parameter(self, name: impl Into<String>, expected: impl ToString) -> Flaw {
        Flaw { place: Place::Parameter(name.into()), code: self, expected: expected.to_string() }
    }

    pub fn of_header(self, name: &'static str) -> Flaw {
        Flaw { place: Place::Header(name), code: self, expected: String::new() }
    }
}

impl Flaw {
    /// The same, one level down: at `/owner/nik` what was at `/nik`.
    pub fn under(self, pointer: &str) -> Self {
        match self.place {
            Place::Pointer(inner) => Self { place: Place::Pointer(format!("{pointer}{inner}")), ..self },
            _ => self,
        }
    }
}
