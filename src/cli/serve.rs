//! `seribu serve`: from nothing to a service that answers, and back.

use std::{
    sync::{Arc, RwLock, atomic::Ordering},
    thread,
    time::Duration,
};

use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    middleware::{Compress, from_fn},
    rt::{self, System},
    web::Data,
};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

use crate::{
    access::Issuer,
    accounts::Attempts,
    api::{self, Settings, write_exports},
    cli::{
        Outcome,
        database::{Database, begin_anew},
        files, keys, mail, pilot,
        settings::Environment,
    },
    clock::Clock,
    egress::{Bounds, Egress},
    error::ApiError,
    http::problem,
    instruments,
    log::{leader, listening},
    reference,
    sandbox::{self, Claim},
    worker::{Sandbox, Shared, Worker},
};

/// How often a process looks whether a list of reference data was replaced.
const REFERENCE_PULSE: Duration = Duration::from_secs(5);

pub fn serve(environment: &Environment) -> Outcome {
    let database = Database::open(environment)?;
    let served = System::new().block_on(run(environment, &database));
    served.and(database.close())
}

async fn run(environment: &Environment, database: &Database) -> Outcome {
    pilot::forget_half(database).await?;
    claim(environment, database).await?;
    database.migrate().await?;
    let settings = settings(environment, database).await?;
    instruments::ship(&settings.worker()?).await?;
    let logins = match sandbox_owner(environment, database)? {
        Some(owner_url) => crate::pilot::prepare(&settings, owner_url, &database.data_dir).await?,
        None => pilot::load_if_new(environment, database, &settings).await?,
    };
    let aside = [beside_requests(&settings, lead), beside_requests(&settings, write_exports)];
    let for_workers = settings.clone();
    let server = HttpServer::new(move || {
        let app = App::new().wrap(Compress::default()).wrap(from_fn(problem::render));
        app.configure(|config| api::mount(config, &for_workers))
    });
    let server = server.workers(environment.workers).disable_signals().shutdown_timeout(25);
    let server = server.keep_alive(Duration::from_secs(75)).bind(&environment.listen);
    let server = server.map_err(|error| format!("{}: {error}", environment.listen))?;
    let running = server.run();
    rt::spawn(stop_when_told(running.handle(), settings, environment.drain_seconds)?);
    println!("Seribu {} listens on http://{}", env!("CARGO_PKG_VERSION"), environment.listen);
    println!("  docs   http://{}/docs", environment.listen);
    pilot::introduce(database, &environment.listen, logins.as_ref());
    running.await?;
    for (stop, thread) in aside {
        drop(stop);
        thread.join().map_err(|_| "what goes on beside the requests failed")?;
    }
    Ok(())
}

/// On a thread of its own, so that what it does for long keeps no request waiting; until the sender is dropped.
fn beside_requests(
    settings: &Settings,
    work: impl AsyncFnOnce(Data<Worker>) + Send + 'static,
) -> (oneshot::Sender<()>, thread::JoinHandle<()>) {
    let (stop, told_to_stop) = oneshot::channel();
    let settings = settings.clone();
    let thread = thread::spawn(move || {
        System::new().block_on(async move {
            match settings.worker() {
                Ok(worker) => tokio::select! { () = work(worker) => (), _ = told_to_stop => () },
                Err(error) => log::error!("what goes on beside the requests does not: {error:?}"),
            }
        });
    });
    (stop, thread)
}

/// A sandbox's database is for sandboxes, and no other is.
async fn claim(environment: &Environment, database: &Database) -> Outcome {
    let said = |error: ApiError| error.to_string();
    let Some(owner_url) = sandbox_owner(environment, database)? else {
        return match sandbox::is_sandbox(&database.app_url).await.map_err(said)? {
            true => {
                Err("this database is a sandbox's, whose people are made up: set SERIBU_SANDBOX=true, or \
                         another DATABASE_URL"
                    .into())
            }
            false => Ok(()),
        };
    };
    match sandbox::claim(owner_url, &api::last_migration()?).await.map_err(said)? {
        Claim::Good => Ok(()),
        Claim::Stale => begin_anew(owner_url).await,
        Claim::Refused => {
            Err("SERIBU_SANDBOX: this database has people in it, who may be real; a sandbox needs a new one"
                .into())
        }
    }
}

/// Who puts a sandbox's tables back; none where this is no sandbox.
fn sandbox_owner<'a>(environment: &Environment, database: &'a Database) -> Outcome<Option<&'a str>> {
    match (environment.sandbox, &database.owner_url) {
        (false, _) => Ok(None),
        (true, Some(owner_url)) => Ok(Some(owner_url)),
        (true, None) => {
            Err("SERIBU_SANDBOX needs SERIBU_OWNER_DATABASE_URL: a reset empties the tables".into())
        }
    }
}

/// Does something with a worker of a service's settings, beside the one that may serve already.
pub fn beside<T>(
    environment: &Environment,
    work: impl AsyncFnOnce(Data<Worker>) -> Outcome<T>,
) -> Outcome<T> {
    let database = Database::open_beside(environment)?;
    let done =
        System::new().block_on(async { work(settings(environment, &database).await?.worker()?).await });
    database.close()?;
    done
}

async fn settings(environment: &Environment, database: &Database) -> Outcome<Settings> {
    let keys = keys::load(environment, &database.data_dir)?;
    let files = files::open(environment, &database.data_dir, &keys)?;
    let signer = keys.signing_key();
    let public_url =
        environment.public_url.clone().unwrap_or_else(|| format!("http://{}", environment.listen));
    // A private database is a pilot's, unless someone says otherwise.
    let made_up = environment.sandbox || environment.pilot.unwrap_or(database.is_private());
    let issuer = Issuer::new(&public_url, (signer.kid.clone(), signer.key.clone()), keys.verification_keys());
    let mut connection = AsyncPgConnection::establish(&database.app_url).await?;
    reference::store::load_shipped(&mut connection, Clock::System.now()).await?;
    let reference = reference::store::load(&mut connection).await?;
    Ok(Settings {
        database_url: database.app_url.clone(),
        writers_per_worker: environment.writers_per_worker,
        largest_body: environment.largest_body,
        attempts: Attempts::per_minute(environment.log_ins_per_minute),
        shared: Shared {
            keys: Arc::new(keys),
            files,
            mailer: mail::open(environment, &public_url, made_up)?,
            egress: Egress::new(bounds(environment, made_up)),
            issuer: Arc::new(issuer),
            reference: Arc::new(RwLock::new(Arc::new(reference))),
            clock: Clock::System,
            zone: environment.zone,
            synthetic_allowed: made_up,
            sandbox: environment.sandbox.then(|| Sandbox {
                owner_url: database.owner_url.as_deref().unwrap_or_default().into(),
                resetting: Arc::default(),
            }),
            wake: Arc::default(),
            numbered: Arc::default(),
            draining: Arc::default(),
        },
    })
}

/// Whom webhooks may be sent to. In a pilot the people are made up: what is told of them stays on this machine.
fn bounds(environment: &Environment, made_up: bool) -> Bounds {
    match made_up {
        true => Bounds::this_machine(),
        false => Bounds {
            this_machine: environment.webhooks_to_this_machine,
            ..Bounds::public(&environment.webhook_ports)
        },
    }
}

async fn lead(worker: Data<Worker>) {
    tokio::select! {
        () = leader::lead(worker.clone(), api::readers(), api::jobs()) => (),
        () = worker.follow_reference(REFERENCE_PULSE) => (),
        () = api::deliver(worker.clone()) => (),
        () = listening::listen(worker.clone()) => (),
    }
}

/// At SIGINT or SIGTERM: first say that no more should come, then finish what has.
fn stop_when_told(
    server: ServerHandle,
    settings: Settings,
    drain_seconds: u64,
) -> Outcome<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! { _ = interrupt.recv() => (), _ = terminate.recv() => () }
        log::info!("stopping");
        settings.shared.draining.store(true, Ordering::SeqCst);
        rt::time::sleep(Duration::from_secs(drain_seconds)).await;
        server.stop(true).await;
    })
}
