//! What a site is built with.

use super::{
    Inventory, Page, aan, auto_manager, auto_revo, carsforsale, dealer_accelerate, dealer_center, generic,
    motorcar_marketing, shopify, squarespace, wordpress,
};

/// What builds sites for dealers.
pub(super) trait Platform: Sync {
    /// The platform's name, as it calls itself.
    fn name(&self) -> &'static str;
    /// Whether the page is built with it: told by hosts, paths and classes of its own, never by its name, which
    /// others print too.
    fn recognise(&self, page: &Page<'_>) -> bool;
    /// Reads the page.
    fn read(&self, page: &Page<'_>) -> Inventory;
    /// Where its sites have their lists, path and query, the likeliest first; empty if each site has a place of its own.
    fn lists(&self) -> &'static [&'static str] {
        &[]
    }
}

/// A platform that is recognised, while nothing certain is known of its markup: read as any page is.
struct Recognised {
    name: &'static str,
    signatures: &'static [&'static str],
    lists: &'static [&'static str],
}

impl Platform for Recognised {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognise(&self, page: &Page<'_>) -> bool {
        has_any(page, self.signatures)
    }

    fn read(&self, page: &Page<'_>) -> Inventory {
        generic::read(page)
    }

    fn lists(&self) -> &'static [&'static str] {
        self.lists
    }
}

/// Every platform, the more telling first: pictures and scripts of `dealer.com` are on the sites of others too, and
/// any platform's pages may be framed by WordPress.
const PLATFORMS: &[&dyn Platform] = &[
    &dealer_accelerate::DealerAccelerate,
    &aan::AllAutoNetwork,
    &dealer_center::DealerCenter,
    &auto_revo::AutoRevo,
    &auto_manager::AutoManager,
    &Recognised {
        name: "Dealer Car Search",
        signatures: &["\"site_platform\":\"dcs\"", "\"site_platform\": \"dcs\""],
        lists: &["/newandusedcars?clearall=1&pagesize=100"],
    },
    &carsforsale::Carsforsale,
    &motorcar_marketing::MotorcarMarketing,
    &Recognised {
        name: "Overfuel",
        signatures: &["static.overfuel.com", "api.overfuel.com", "www.overfuel.com"],
        lists: &[],
    },
    &Recognised {
        name: "DealerOn",
        signatures: &["sdDataLayer", "dealeron-js", "dlron.us", "dealeron_tagging_data"],
        lists: &["/searchused.aspx", "/searchall.aspx"],
    },
    &Recognised {
        name: "Dealer Inspire",
        signatures: &["dealerinspire", "di-uploads", "mvnAlgSettings"],
        lists: &["/used-vehicles/"],
    },
    &Recognised {
        name: "DealerFire",
        signatures: &["cdn-ds.com", "pushData('VehicleObject_", "pushData(\"VehicleObject_"],
        lists: &[],
    },
    &Recognised {
        name: "eBizAutos",
        signatures: &[
            "cdn.ebizautos.media",
            "images.ebizautos.media",
            "stockphotos.ebizautos.media",
            ".ebizautos.com",
        ],
        lists: &[],
    },
    &Recognised {
        name: "DealerSync",
        signatures: &["dealer-cdn.dealersync.com", "images.dealersync.com"],
        lists: &[],
    },
    &Recognised { name: "VIN List", signatures: &["totalwebmanager.com"], lists: &[] },
    &Recognised { name: "D2C Media", signatures: &["d2cmedia.ca"], lists: &[] },
    &Recognised {
        name: "Dealer.com",
        signatures: &["DDC.dataLayer", "static.dealer.com"],
        lists: &["/used-inventory/index.htm"],
    },
    &shopify::Shopify,
    &squarespace::Squarespace,
    &wordpress::WordPress,
    &Recognised { name: "Wix", signatures: &["static.wixstatic.com", "wix-warmup-data"], lists: &[] },
    &Recognised {
        name: "Webflow",
        signatures: &[
            "data-wf-site",
            "assets.website-files.com",
            "assets-global.website-files.com",
            "cdn.prod.website-files.com",
        ],
        lists: &[],
    },
    &Recognised { name: "Duda", signatures: &["irp.cdn-website.com", "lirp.cdn-website.com"], lists: &[] },
    &Recognised {
        name: "GoDaddy Website Builder",
        signatures: &["img1.wsimg.com", "Starfield Technologies; Go Daddy Website Builder"],
        lists: &[],
    },
    &Recognised { name: "Ghost", signatures: &["content=\"Ghost "], lists: &[] },
    &Recognised { name: "Weebly", signatures: &["weeblycloud", "editmysite.com"], lists: &[] },
];

/// The platform that the page is built with.
pub(super) fn of(page: &Page<'_>) -> Option<&'static dyn Platform> {
    PLATFORMS.iter().copied().find(|platform| platform.recognise(page))
}

/// Whether the page holds one of these texts anywhere.
pub(super) fn has_any(page: &Page<'_>, signatures: &[&str]) -> bool {
    signatures
        .iter()
        .any(|signature| memchr::memmem::find(page.html.as_bytes(), signature.as_bytes()).is_some())
}
