//! A small mail server: it speaks as much SMTP as it takes to receive, or to refuse.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use actix_web::rt;
use seribu::mail::{Mailer, Smtp};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

use crate::{
    postgres::fresh_database,
    support::{TestApp, settings, until},
};

#[derive(Clone, Default)]
struct Box {
    letters: Arc<Mutex<Vec<Letter>>>,
    refusals: Arc<Mutex<VecDeque<String>>>,
}

#[derive(Clone, Debug, Default)]
pub struct Letter {
    pub to: String,
    /// Headers and text, as they were sent.
    pub data: String,
}

impl Letter {
    /// Without what the transport does to it.
    pub fn text(&self) -> String {
        self.data.replace("=\n", "").replace("=3D", "=")
    }
}

pub struct PostOffice {
    pub url: String,
    kept: Box,
}

impl PostOffice {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let kept = Box::default();
        let for_callers = kept.clone();
        rt::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                rt::spawn(serve(caller, for_callers.clone()));
            }
        });
        Self { url, kept }
    }

    /// A service that sends its mail here.
    pub async fn app(&self) -> TestApp {
        let database = fresh_database().await;
        let mut settings = settings(&database).await;
        let smtp =
            Smtp { url: &self.url, from: "Seribu <seribu@dinas.example>", public_url: "https://s.test/" };
        // The test's people are made up, and the post office is on this machine.
        settings.shared.mailer = Some(Mailer::new(&smtp, settings.shared.synthetic_allowed).unwrap());
        TestApp::with(database, settings)
    }

    /// Answers the next letter with this instead of taking it.
    pub fn refuse_next(&self, reply: &str) {
        self.kept.refusals.lock().unwrap().push_back(reply.to_owned());
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.kept.letters.lock().unwrap().clone()
    }

    /// Once so many have come; more would have come by then.
    pub async fn letters_once(&self, count: usize) -> Vec<Letter> {
        until(async || match self.letters().len() {
            came if came >= count => Ok(()),
            came => Err(format!("{came} of {count} letters have come")),
        })
        .await;
        rt::time::sleep(std::time::Duration::from_millis(700)).await;
        let letters = self.letters();
        assert_eq!(letters.len(), count, "{letters:#?}");
        letters
    }
}

async fn serve(caller: TcpStream, kept: Box) {
    let (from, mut to) = caller.into_split();
    let mut lines = BufReader::new(from).lines();
    let mut letter = Letter::default();
    to.write_all(b"220 post.test\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let reply = match line.split([' ', ':']).next().unwrap().to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => "250 post.test".to_owned(),
            "RCPT" => {
                letter.to = line.split(['<', '>']).nth(1).unwrap().to_owned();
                "250 ok".to_owned()
            }
            "DATA" => {
                to.write_all(b"354 go on\r\n").await.unwrap();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    letter.data += &format!("{line}\n");
                }
                let letter = std::mem::take(&mut letter);
                match kept.refusals.lock().unwrap().pop_front() {
                    Some(refusal) => refusal,
                    None => {
                        kept.letters.lock().unwrap().push(letter);
                        "250 kept".to_owned()
                    }
                }
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        if to.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() || reply.starts_with("221") {
            return;
        }
    }
}
