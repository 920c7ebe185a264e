//! The HTTP server: a thread of its own, one connection a task, plain sockets so that answers can go wrong at
//! any byte.

mod admin;
mod connection;
mod request;
mod response;
mod routes;
mod strike;

pub(crate) use admin::parse_rules;
pub(crate) use request::Request;
pub(crate) use response::Response;
pub(crate) use routes::gone;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::config::{Config, SiteBase};
use crate::faults::Faults;
use crate::log::Log;
use crate::world::World;

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub world: World,
    pub faults: Faults,
    pub log: Log,
}

/// The server's thread.
#[derive(Debug)]
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Opens the main socket: the port is known from here on.
pub(crate) fn bind(config: &Config) -> std::io::Result<std::net::TcpListener> {
    std::net::TcpListener::bind((config.host.as_str(), config.port))
}

impl Server {
    /// Serves on the socket and on the further addresses of the settings.
    pub fn start(main: std::net::TcpListener, config: &Config, shared: Arc<Shared>) -> std::io::Result<Self> {
        let port = main.local_addr()?.port();
        let mut sockets = vec![main];
        for address in further_addresses(config, shared.world.sites.len()) {
            sockets.push(std::net::TcpListener::bind(SocketAddr::new(address, port))?);
        }
        for socket in &sockets {
            socket.set_nonblocking(true)?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("bat-replica".to_owned()).spawn(move || {
            runtime.block_on(async move {
                for socket in sockets {
                    tokio::spawn(accept(socket, Arc::clone(&shared)));
                }
                // An error means that the handle is gone: stop as well.
                let _ = stopped.await;
            });
            runtime.shutdown_background();
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // An error means that the thread is over already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn further_addresses(config: &Config, sites: usize) -> Vec<IpAddr> {
    let extra = (0..config.extra_hosts).map(|number| Ipv4Addr::new(127, 0, 0, (number + 2) as u8));
    let sites = if config.site_base == SiteBase::Hosts { sites } else { 0 };
    let sites = (0..sites).map(|number| Ipv4Addr::new(127, 0, 1, (number + 1) as u8));
    extra.chain(sites).map(IpAddr::V4).collect()
}

async fn accept(socket: std::net::TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = TcpListener::from_std(socket) else { return };
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection::serve(stream, Arc::clone(&shared)));
            }
            // Out of descriptors, or the client left before it was served: the next may fare better.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
        }
    }
}
