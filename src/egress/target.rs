//! Which URLs may be asked at all, as far as the URL itself tells. Names are judged where they lead, when they are
//! resolved.

use std::net::IpAddr;

use reqwest::Url;

use super::addresses::is_public;

/// Who may be asked, as the settings say.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// This machine too, and by `http`: where services are tried out.
    pub this_machine: bool,
    /// Anybody else. Not in a pilot, whose people are made up.
    pub others: bool,
    /// Of others.
    pub ports: Vec<u16>,
}

impl Bounds {
    pub const PORTS: [u16; 2] = [443, 8443];

    /// The public internet.
    pub fn public(more_ports: &[u16]) -> Self {
        Self { this_machine: false, others: true, ports: [&Self::PORTS[..], more_ports].concat() }
    }

    /// This machine alone.
    pub fn this_machine() -> Self {
        Self { this_machine: true, others: false, ports: Self::PORTS.to_vec() }
    }

    /// What is wrong with a URL, whoever it leads to; that it leads out of a pilot is not.
    pub fn refusal(&self, url: &str) -> Option<Refusal> {
        match Target::of(url) {
            None => Some(Refusal::Form),
            Some(target) => self.judge(&target),
        }
    }

    fn judge(&self, target: &Target) -> Option<Refusal> {
        let Target { url, host } = target;
        let here = self.this_machine && host.is_this_machine();
        let plain = url.scheme() == "http" && here;
        let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        match () {
            () if !bare || !(plain || url.scheme() == "https") => Some(Refusal::Form),
            () if !here && host.is_private() => Some(Refusal::Private),
            () if !here && !url.port_or_known_default().is_some_and(|port| self.ports.contains(&port)) => {
                Some(Refusal::Port)
            }
            () => None,
        }
    }

    /// The URL, where it may be asked, as far as it tells.
    pub(super) fn target(&self, url: &str) -> Option<Url> {
        let target = Target::of(url).filter(|target| self.judge(target).is_none())?;
        (self.others || target.host.is_this_machine()).then_some(target.url)
    }

    /// Whether a name that leads to the address may be asked.
    pub(super) fn may_reach(&self, address: IpAddr) -> bool {
        self.this_machine && address.is_loopback() || self.others && is_public(address)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No `https://host/path`, or with a user or a fragment in it.
    Form,
    Port,
    Private,
}

struct Target {
    url: Url,
    host: Host,
}

enum Host {
    Address(IpAddr),
    Name(String),
}

impl Target {
    fn of(url: &str) -> Option<Self> {
        // A parser of URLs forgives what other programs read otherwise.
        if url.contains(|character: char| {
            character.is_whitespace() || character.is_control() || character == '\\'
        }) {
            return None;
        }
        let url = Url::parse(url).ok()?;
        let text = url.host_str()?;
        let address = text.trim_start_matches('[').trim_end_matches(']').parse();
        let name = || text.trim_end_matches('.').to_ascii_lowercase();
        let host = address.map_or_else(|_| Host::Name(name()), Host::Address);
        Some(Self { url, host })
    }
}

impl Host {
    fn is_this_machine(&self) -> bool {
        match self {
            Self::Address(address) => address.is_loopback(),
            Self::Name(name) => name == "localhost",
        }
    }

    /// A name without a dot is one of a network of its own.
    fn is_private(&self) -> bool {
        match self {
            Self::Address(address) => !is_public(*address),
            Self::Name(name) => {
                let last = name.rsplit_once('.').map(|(_, last)| last);
                last.is_none_or(|last| ["localhost", "local", "internal", "arpa", "onion"].contains(&last))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_way_an_address_is_written_it_is_known() {
        let bounds = Bounds::public(&[9443]);
        for fine in [
            "https://siakad.kampus.example/hook?x=1",
            "https://1.1.1.1",
            "https://a.b:8443/",
            "https://a.b:9443",
        ] {
            assert_eq!(bounds.refusal(fine), None, "{fine}");
        }
        for (url, refusal) in [
            ("", Refusal::Form),
            ("siakad.kampus.example/hook", Refusal::Form),
            ("http://siakad.kampus.example/", Refusal::Form),
            ("ftp://siakad.kampus.example/", Refusal::Form),
            ("https://user@siakad.kampus.example/", Refusal::Form),
            ("https://:p@siakad.kampus.example/", Refusal::Form),
            ("https://siakad.kampus.example/#part", Refusal::Form),
            ("https://siakad.kampus.example\\@10.0.0.1/", Refusal::Form),
            ("https://siakad .kampus.example/", Refusal::Form),
            ("https:///hook", Refusal::Private),
            ("https://siakad.kampus.example:80/", Refusal::Port),
            ("https://siakad.kampus.example:5432/", Refusal::Port),
            ("https://localhost/", Refusal::Private),
            ("https://LOCALHOST./", Refusal::Private),
            ("https://a.localhost/", Refusal::Private),
            ("https://postgres/", Refusal::Private),
            ("https://metadata.google.internal/", Refusal::Private),
            ("https://127.0.0.1/", Refusal::Private),
            ("https://127.1/", Refusal::Private),
            ("https://2130706433/", Refusal::Private),
            ("https://0x7f000001/", Refusal::Private),
            ("https://0177.0.0.1/", Refusal::Private),
            ("https://169.254.169.254/latest/meta-data", Refusal::Private),
            ("https://[::1]/", Refusal::Private),
            ("https://[::ffff:10.0.0.1]/", Refusal::Private),
            ("https://[64:ff9b::a00:1]/", Refusal::Private),
            ("https://[2002:a00:1::]/", Refusal::Private),
            ("https://[fd00::1]/", Refusal::Private),
            ("https://\u{ff11}27.0.0.1/", Refusal::Private),
        ] {
            assert_eq!(bounds.refusal(url), Some(refusal), "{url}");
        }
    }

    #[test]
    fn this_machine_is_asked_in_clear_only_where_that_is_allowed() {
        let here = Bounds::this_machine();
        for fine in ["http://127.0.0.1:4000/", "http://localhost:81", "http://[::1]:9/", "https://localhost/"]
        {
            assert!(here.refusal(fine).is_none() && here.target(fine).is_some(), "{fine}");
        }
        for wrong in ["http://10.0.0.1/", "http://127.0.0.1.example.org/", "http://localhost.example.org/"] {
            assert_eq!(here.refusal(wrong), Some(Refusal::Form), "{wrong}");
        }
        let elsewhere = "https://siakad.kampus.example/";
        assert!(here.refusal(elsewhere).is_none() && here.target(elsewhere).is_none());
    }
}
