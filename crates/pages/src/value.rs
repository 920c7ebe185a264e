//! Values as listings print them: titles, money, mileage, chassis numbers, dates, colours.

pub mod chassis;
pub mod color;
pub mod date;
pub mod mileage;
pub mod money;
pub mod title;
