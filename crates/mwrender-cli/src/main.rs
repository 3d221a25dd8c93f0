//! The command `mwrender`.

mod args;
mod commands;
mod namespace;
mod output;
mod printer;

use std::process::ExitCode;

/// Rendering makes and drops millions of small texts; the system's allocator takes a third of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match args::parse(std::env::args_os()) {
        Ok(args) => args,
        Err(misused) => {
            if let Some(words) = &misused.helm {
                output::say(&format!("Error: {words}\n"));
            }
            // help and version are data; bad usage is an error like others, and never looks like a difference
            let _ = misused.error.print();
            return if misused.error.use_stderr() {
                ExitCode::from(output::ERROR)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match commands::run(&args) {
        Ok(status) => ExitCode::from(status),
        Err(e) if output::is_closed_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            output::error(&e);
            if args.command.prints_json() {
                // the status says what went wrong, also where nobody reads
                let _ = output::write(&format!("{:#}\n", output::error_json(&e)));
            }
            ExitCode::from(output::ERROR)
        }
    }
}
