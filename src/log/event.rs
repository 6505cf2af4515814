//! What a change was. A write returns at least one, or it does not compile.

use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    access::{Party, Permission},
    ids::BusinessId,
    records::Record,
};

pub struct Event {
    pub(super) kind: String,
    pub(super) resource: &'static str,
    pub(super) subject_id: Uuid,
    pub(super) subject_version: i64,
    pub(super) about: Vec<Uuid>,
    pub(super) on_behalf_of: Option<Party>,
    pub(super) data: Value,
    pub(super) personal: Personal,
    pub(super) seen_by: SeenBy,
}

/// Which values are personal, and whose.
pub(super) struct Personal {
    pub paths: &'static [&'static str],
    pub subject: Uuid,
}

/// Who sees the record after the event.
pub(super) enum SeenBy {
    /// As the access table says of the permission that reads it: the roles that see all, the parties that
    /// it names, and those with whom the businesses are shared. If it is open, everyone who sees rows of
    /// their own is named.
    Table { read: Permission, open: bool, named: Vec<Party>, businesses: Vec<BusinessId>, lost: Vec<Party> },
    /// One party that starts or stops seeing a business through another record.
    Only { audience: Vec<Party>, lost: Vec<Party> },
}

impl Event {
    pub fn created<R: Record>(record: &R) -> Self {
        Self::of(record, "created", json!({ "after": record }), vec![])
    }

    /// Named by the state that was reached, or by the action where the state stays.
    pub fn changed<R: Record>(before: &R, after: &R, what: &str) -> Self {
        let named = after.named();
        let lost = before.named().into_iter().filter(|party| !named.contains(party)).collect();
        Self::of(after, what, changes(before, after), lost)
    }

    /// The tombstone of a record that was a draft or a mistake.
    pub fn deleted<R: Record>(record: &R) -> Self {
        let event = Self::of(record, "deleted", json!({ "before": record }), vec![]);
        Self { subject_version: record.version() + 1, ..event }
    }

    /// The record that changed.
    pub fn subject(&self) -> Uuid {
        self.subject_id
    }

    /// With one more thing to know: what was asked for.
    pub fn with(mut self, name: &str, value: &impl Serialize) -> Self {
        if let Some(data) = self.data.as_object_mut() {
            data.insert(name.to_owned(), serde_json::to_value(value).unwrap_or_default());
        }
        self
    }

    /// Of a record that is seen through businesses which its row does not name: a person's, a mentor's.
    pub fn through(mut self, of: Vec<BusinessId>) -> Self {
        if let SeenBy::Table { businesses, .. } = &mut self.seen_by {
            businesses.extend(of);
        }
        self
    }

    /// Of what is read as the record that it belongs to: a file. `resource` is what the log calls such
    /// files, `read` the permission that reads them, and `named` the parties that the record names.
    pub fn read_with(mut self, resource: &'static str, read: Permission, named: Vec<Party>) -> Self {
        self.resource = resource;
        if let SeenBy::Table { read: by, named: parties, .. } = &mut self.seen_by {
            (*by, *parties) = (read, named);
        }
        self
    }

    /// Of another record too, whose history is to show it.
    pub fn also_about(mut self, id: impl Into<Uuid>) -> Self {
        self.about.push(id.into());
        self
    }

    /// For whom it was done, if for somebody else.
    pub fn on_behalf_of(mut self, party: impl Into<Option<Party>>) -> Self {
        self.on_behalf_of = party.into();
        self
    }

    pub(super) fn sharing(
        business: BusinessId,
        version: i64,
        what: &str,
        seen_by: SeenBy,
        cause: Uuid,
    ) -> Self {
        Self {
            kind: format!("business.{what}"),
            resource: "business",
            subject_id: business.0,
            subject_version: version,
            about: vec![business.0, cause],
            on_behalf_of: None,
            data: json!({}),
            personal: Personal { paths: &[], subject: business.0 },
            seen_by,
        }
    }

    fn of<R: Record>(record: &R, what: &str, data: Value, lost: Vec<Party>) -> Self {
        let id: Uuid = record.id().into();
        let business = record.business();
        let mut about = record.about();
        about.push(id);
        about.extend(business.map(Uuid::from));
        Self {
            kind: format!("{}.{what}", R::KIND),
            resource: R::KIND,
            subject_id: id,
            subject_version: record.version(),
            about,
            on_behalf_of: None,
            data,
            personal: Personal { paths: R::PERSONAL, subject: record.subject() },
            seen_by: SeenBy::Table {
                read: R::READ,
                open: record.is_open(),
                named: record.named(),
                businesses: business.into_iter().collect(),
                lost,
            },
        }
    }
}

/// The events of one write: one, and perhaps more.
pub struct Events(pub(super) Vec<Event>);

impl Events {
    /// Of a write that changes many records, each with its own.
    pub fn all(events: Vec<Event>) -> Self {
        Self(events)
    }
}

impl From<Event> for Events {
    fn from(event: Event) -> Self {
        Self(vec![event])
    }
}

/// The event of the record itself, and those of what changed with it.
impl From<(Event, Vec<Event>)> for Events {
    fn from((event, more): (Event, Vec<Event>)) -> Self {
        Self(std::iter::once(event).chain(more).collect())
    }
}

/// `business.created`
pub fn kind<R: Record>(what: &str) -> String {
    format!("{}.{what}", R::KIND)
}

/// The fields that differ, as they were and as they are.
fn changes<R: Record>(before: &R, after: &R) -> Value {
    let fields = |record| match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (mut before, mut after) = (fields(before), fields(after));
    let same: Vec<_> = after.keys().filter(|name| before.get(*name) == after.get(*name)).cloned().collect();
    for name in same.iter().map(String::as_str).chain(["version", "updated_at"]) {
        before.remove(name);
        after.remove(name);
    }
    json!({ "before": before, "after": after })
}
