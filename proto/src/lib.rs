//! The contract between the services: generated from the `.proto` files beside this crate. By hand is only how much room a
//! message gets.
#![allow(missing_docs, clippy::all, clippy::disallowed_methods, clippy::unwrap_used)]

mod codec;

pub mod okienko {
    pub mod common {
        pub mod v1 {
            tonic::include_proto!("okienko.common.v1");
        }
    }
    pub mod booking {
        pub mod v1 {
            tonic::include_proto!("okienko.booking.v1");
        }
    }
    pub mod sms {
        pub mod v1 {
            tonic::include_proto!("okienko.sms.v1");
        }
    }
    pub mod queue {
        pub mod v1 {
            tonic::include_proto!("okienko.queue.v1");
        }
    }
    pub mod replica {
        pub mod v1 {
            tonic::include_proto!("okienko.replica.v1");
        }
    }
}

/// The contract's own description: for reflection, and for what the options of its methods say.
pub const DESCRIPTORS: &[u8] = tonic::include_file_descriptor_set!("okienko");

pub use okienko::booking::v1 as booking;
pub use okienko::common::v1 as common;
pub use okienko::queue::v1 as queue;
pub use okienko::replica::v1 as replica;
pub use okienko::sms::v1 as sms;
