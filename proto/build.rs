//! Compiles the contract without protoc.

use prost::Message;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = ["common", "booking", "sms", "queue", "replica"]
        .map(|name| format!("okienko/{name}/v1/{name}.proto"));
    for file in &files {
        println!("cargo:rerun-if-changed={file}");
    }
    let descriptors = protox::compile(&files, ["."])?;
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    std::fs::write(std::path::Path::new(&folder).join("okienko.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure().codec_path("crate::codec::ShortCodec").compile_fds(descriptors)?;
    Ok(())
}
