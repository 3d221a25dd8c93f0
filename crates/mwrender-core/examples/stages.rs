//! Times the stages of a render.
#![allow(clippy::print_stdout, missing_docs)]
use mwrender_core::{Session, State, StateOptions};
use std::time::Instant;
fn main() {
    let t = Instant::now();
    let mut session = Session::new();
    let state = State::load(&mut session, &StateOptions::new("mwrender.yaml")).unwrap();
    println!("load {:?}", t.elapsed());
    for _ in 0..3 {
        let t = Instant::now();
        let vals: Vec<_> = state.cells.iter().map(|i| mwrender_core::render::values(&session, i)).collect();
        println!("values {:?}", t.elapsed());
        let t = Instant::now();
        let texts: Vec<String> = state
            .cells
            .iter()
            .zip(&vals)
            .flat_map(|(i, v)| {
                let c = mwrender_core::render::context(i, &v.value);
                (0..i.chart.program.templates().len())
                    .map(move |n| i.chart.program.render(n, &c).unwrap())
                    .collect::<Vec<_>>()
            })
            .collect();
        println!("templates {:?} {} bytes", t.elapsed(), texts.iter().map(String::len).sum::<usize>());
        let t = Instant::now();
        let streams: Vec<_> =
            texts.iter().map(|t| mwrender_core::manifest::read_stream(t).unwrap()).collect();
        println!("parse {:?}", t.elapsed());
        let t = Instant::now();
        drop(streams);
        println!("drop {:?}", t.elapsed());
        let t = Instant::now();
        let n: usize = texts.iter().map(|t| mwrender_core::manifest::documents(t).len()).sum();
        println!("split {:?} {n}", t.elapsed());
    }
}
