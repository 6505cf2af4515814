//! Who there is, as `city.json` says.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Role;

const CITY: &str = include_str!("city.json");

#[derive(Deserialize)]
pub struct City {
    pub institutions: Vec<Value>,
    pub desks: Vec<Desk>,
    pub mentors: Vec<Mentor>,
    pub cooperatives: Vec<Cooperative>,
    /// The first fourteen are the first cohort.
    pub businesses: Vec<Business>,
}

#[derive(Deserialize)]
pub struct Desk {
    pub role: Role,
    pub name: String,
}

#[derive(Deserialize, Clone)]
pub struct Mentor {
    pub key: String,
    pub institution: Option<String>,
    pub full_name: String,
    pub titles: Option<String>,
    pub expertise: Vec<String>,
    pub subsectors: Vec<String>,
    pub districts: Vec<String>,
    pub capacity: i32,
}

#[derive(Deserialize, Clone)]
pub struct Cooperative {
    pub key: String,
    pub name: String,
    pub kind: String,
    pub village_code: String,
}

#[derive(Deserialize, Clone)]
pub struct Business {
    pub key: String,
    pub kind: Option<String>,
    /// Of a cooperative: itself among the cooperatives.
    pub cooperative: Option<String>,
    pub name: String,
    pub subsector: String,
    pub kbli: Option<String>,
    pub village: String,
    pub line: String,
    pub owner: String,
    pub nik: String,
    pub gender: String,
    pub birth_year: i16,
    pub revenue: i64,
    pub capital: i64,
    pub assets: i64,
    pub bookkeeping: i16,
    pub mentor: String,
}

impl City {
    pub fn read() -> Result<Self, String> {
        serde_json::from_str(CITY).map_err(|error| format!("city.json: {error}"))
    }
}

impl Business {
    pub fn is_cooperative(&self) -> bool {
        self.kind.is_some()
    }

    /// The owner, or who acts for the cooperative. The telephone number follows from the NIK.
    pub fn person(&self) -> Value {
        let last = self.nik.get(12..).unwrap_or_default();
        json!({
            "full_name": self.owner,
            "nik": self.nik,
            "gender": self.gender,
            "birth_year": self.birth_year,
            "phone": format!("+62812990{last}0"),
            "email": self.email(),
            "village_code": self.village,
        })
    }

    pub fn email(&self) -> String {
        format!("{}@pemilik.example", self.key)
    }

    pub fn snapshot(&self, taken_on: &str, growth_percent: i64, source: &str) -> Value {
        let grown = |amount: i64| amount + amount / 100 * growth_percent;
        json!({
            "taken_on": taken_on,
            "annual_revenue_idr": grown(self.revenue),
            "capital_idr": self.capital,
            "assets_idr": self.assets,
            "employees_female": 2,
            "employees_male": 1,
            "customers": grown(self.revenue / 1_000_000),
            "bookkeeping_level": if growth_percent > 0 { (self.bookkeeping + 1).min(4) } else { self.bookkeeping },
            "bookkeeping_tool": "Buku tulis",
            "formal_credit": false,
            "source": source,
        })
    }

    /// With its first figures; its owner comes with it, unless it is a cooperative.
    pub fn registration(&self, today: &str, cooperative_id: Option<&String>) -> Value {
        let kbli: Vec<Value> =
            self.kbli.iter().map(|code| json!({ "version": "2020", "code": code })).collect();
        let owner = (!self.is_cooperative()).then(|| self.person());
        json!({
            "kind": if self.is_cooperative() { "cooperative" } else { "business" },
            "cooperative_id": cooperative_id,
            "name": self.name,
            "subsector": self.subsector,
            "kbli": kbli,
            "description": "Usaha rekaan untuk percontohan.",
            "address": { "line": self.line, "village_code": self.village },
            "sales_channels": ["social_media", "messaging_app"],
            "owner": owner,
            "snapshot": self.snapshot(today, 0, "intake"),
        })
    }
}
