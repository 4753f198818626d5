//! Compiles the contract without protoc.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = ["common", "booking", "sms", "queue", "replica"]
        .map(|name| format!("okienko/{name}/v1/{name}.proto"));
    for file in &files {
        println!("cargo:rerun-if-changed={file}");
    }
    let descriptors = protox::compile(&files, ["."])?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
