//! What is told so far: who there is, and the ids of what was made.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    city::{Business, City},
    credentials::Credentials,
    teller::{Actor, Teller},
};

pub struct Story {
    pub api: Teller,
    pub city: City,
    pub credentials: Credentials,
    /// Of the instrument that is published.
    pub items: Vec<Value>,
    /// By role of a desk, or by key of a mentor, business or cooperative.
    actors: HashMap<String, Actor>,
    /// By kind and key: `business kue-siti`.
    ids: HashMap<String, String>,
}

impl Story {
    pub fn new(api: Teller) -> Result<Self, String> {
        let city = City::read()?;
        let (actors, ids) = (HashMap::new(), HashMap::new());
        Ok(Self { api, city, credentials: Credentials::default(), items: vec![], actors, ids })
    }

    pub fn actor(&self, key: &str) -> Result<Actor, String> {
        self.actors.get(key).cloned().ok_or_else(|| format!("nobody is called {key}"))
    }

    pub fn meet(&mut self, key: &str, actor: Actor) {
        self.actors.insert(key.to_owned(), actor);
    }

    pub fn id(&self, kind: &str, key: &str) -> Result<String, String> {
        let name = format!("{kind} {key}");
        self.ids.get(&name).cloned().ok_or_else(|| format!("there is no {name}"))
    }

    pub fn note(&mut self, kind: &str, key: &str, id: String) {
        self.ids.insert(format!("{kind} {key}"), id);
    }

    pub fn path(&self, collection: &str, kind: &str, key: &str) -> Result<String, String> {
        Ok(format!("/v1/{collection}/{}", self.id(kind, key)?))
    }

    pub fn business(&self, key: &str) -> Result<Business, String> {
        let found = self.city.businesses.iter().find(|business| business.key == key);
        found.cloned().ok_or_else(|| format!("no business is called {key}"))
    }

    /// Of the first cohort.
    pub fn cohort(&self) -> Vec<Business> {
        self.city.businesses.iter().take(14).cloned().collect()
    }
}
