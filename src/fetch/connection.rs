//! How the client connects: through which proxy, with whose certificates, to which addresses; and what its errors mean.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::blocking::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

use super::address::is_public;
use super::connected::Connected;
use super::thread::Config;
use crate::error::{Error, Result};

/// The client of a fetch thread.
pub(super) fn client(config: &Config, connected: &Connected) -> Result<Client> {
    client_with(config, connected, SystemResolver)
}

/// The same with another source of addresses than the system's.
fn client_with(config: &Config, connected: &Connected, source: impl Resolve + 'static) -> Result<Client> {
    // Fails only if a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let exempt =
        config.proxy.as_deref().and_then(|proxy| Url::parse(proxy).ok()?.host_str().map(str::to_owned));
    let resolver =
        GuardedResolver { source: Arc::new(source), private_addresses: config.private_addresses, exempt };
    let mut builder = Client::builder()
        .user_agent(&config.user_agent)
        .connect_timeout(config.connect_timeout)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .pool_max_idle_per_host(1)
        .dns_resolver(Arc::new(resolver))
        .connector_layer(connected.clone())
        .no_proxy();
    if let Some(proxy) = &config.proxy {
        builder = builder.proxy(reqwest::Proxy::all(proxy).map_err(|error| misconfigured("proxy", &error))?);
    }
    if let Some(file) = &config.ca_file {
        let pem = std::fs::read(file).map_err(|error| misconfigured("ca_file", &error))?;
        let certificates =
            reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| misconfigured("ca_file", &error))?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder
        .build()
        .map_err(|error| Error::Unable(format!("the HTTP client could not be made: {}", chain(&error))))
}

/// Resolves names as the system does.
struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Refuses names that lead to an address that is not public. The connection uses exactly the addresses that were
/// checked, so a source that changes its answer between check and use (DNS rebinding) gains nothing.
struct GuardedResolver {
    source: Arc<dyn Resolve>,
    private_addresses: bool,
    /// Host of the configured proxy, which a superuser chose.
    exempt: Option<String>,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let unguarded = self.private_addresses || self.exempt.as_deref() == Some(name.as_str());
        let text = name.as_str().to_owned();
        let answer = self.source.resolve(name);
        Box::pin(async move {
            let addresses: Vec<SocketAddr> = answer.await?.collect();
            match addresses.iter().find(|address| !unguarded && !is_public(address.ip())) {
                Some(address) => Err(Box::new(NotPublic(format!(
                    "{text} resolves to {}, which is not a public address",
                    address.ip()
                ))) as Box<dyn std::error::Error + Send + Sync>),
                None => Ok(Box::new(addresses.into_iter()) as Addrs),
            }
        })
    }
}

/// The resolver's refusal, on its way through the client's errors.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotPublic(String);

fn misconfigured(setting: &str, error: &dyn std::error::Error) -> Error {
    Error::Unable(format!("bat_partners.{setting} cannot be used: {}", chain(error)))
}

/// What an error of the client means.
pub(super) fn error_of(url: &Url, error: &reqwest::Error) -> Error {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = source {
        if let Some(refusal) = cause.downcast_ref::<NotPublic>() {
            return Error::Refused { url: url.to_string(), reason: refusal.0.clone() };
        }
        source = cause.source();
    }
    let reason = if error.is_timeout() { "timed out".to_owned() } else { chain(error) };
    Error::Connection { url: url.to_string(), reason, timed_out: error.is_timeout() }
}

/// Whether a body broke off because its time was up. The client's own error is inside of that of reading.
pub(super) fn is_timeout(error: &std::io::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.get_ref().map(|inner| inner as _);
    while let Some(error) = cause {
        if error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The causes of an error, the deepest last, without the URL, which the message names already.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        cause = error.source();
    }
    if parts.is_empty() { error.to_string() } else { parts.join(": ") }
}

#[cfg(test)]
mod tests;
