//! How messages are written and read on the wire: by prost, with room for the short ones that ours are. Knows no message.

use prost::Message;
use std::marker::PhantomData;
use tonic::codec::{BufferSettings, Codec};
use tonic_prost::ProstCodec;

/// Bytes that each end of a call has room for from the start, and by which it makes more: nearly all messages have fewer. A
/// call has four such ends, so that the usual 8 KiB each cost a booking about 90 KiB of fresh memory.
const ROOM: usize = 512;
/// Bytes after which a stream of messages is handed on, as usual.
const YIELD: usize = 32 * 1024;

/// Prost, with little room at first.
#[derive(Debug, Clone)]
pub struct ShortCodec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for ShortCodec<T, U> {
    fn default() -> Self {
        ShortCodec(PhantomData)
    }
}

impl<T, U> Codec for ShortCodec<T, U>
where
    T: Message + Send + 'static,
    U: Message + Default + Send + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = <ProstCodec<T, U> as Codec>::Encoder;
    type Decoder = <ProstCodec<T, U> as Codec>::Decoder;

    fn encoder(&mut self) -> Self::Encoder {
        ProstCodec::<T, U>::raw_encoder(BufferSettings::new(ROOM, YIELD))
    }
    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<T, U>::raw_decoder(BufferSettings::new(ROOM, YIELD))
    }
}
