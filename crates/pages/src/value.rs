//! Values as listings print them: titles, money, mileage, chassis numbers, dates, colours, powertrains.

pub mod chassis;
pub mod color;
pub mod date;
pub mod mileage;
pub mod money;
pub mod powertrain;
pub mod title;
