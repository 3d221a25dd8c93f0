//! Types and choices: `kindOf`, `typeIs`, `default`, `ternary`.

use mwrender_gotemplate::{Funcs, Tracks, Value};

use super::args::{Out, add_all, bytes, chosen, is_empty, kind_name};
use super::equal::is_equal;

pub(super) fn add(funcs: &mut Funcs) {
    add_all(funcs, Tracks::Own, "func() string", &[("hello", |_, _| Ok(Value::from("Hello!")))]);
    // `%T` of a value
    add_all(
        funcs,
        Tracks::Shape,
        "func(interface {}) string",
        &[
            ("typeOf", |_, a| Ok(Value::from(a[0].type_name()))),
            ("kindOf", |_, a| Ok(Value::from(kind_name(&a[0])))),
        ],
    );
    add_all(
        funcs,
        Tracks::Shape,
        "func(string, interface {}) bool",
        &[
            ("typeIs", |_, a| Ok(Value::from(bytes(&a[0]) == a[1].type_name().as_bytes()))),
            ("typeIsLike", type_is_like),
            ("kindIs", |_, a| Ok(Value::from(bytes(&a[0]) == kind_name(&a[1]).as_bytes()))),
        ],
    );
    add_all(
        funcs,
        Tracks::Operands,
        "func(interface {}, interface {}) bool",
        &[("deepEqual", |c, a| Ok(Value::from(is_equal(c, &a[0], &a[1])?)))],
    );
    add_all(
        funcs,
        Tracks::Shape,
        "func(interface {}) bool",
        &[("empty", |_, a| Ok(Value::from(is_empty(&a[0]))))],
    );
    add_all(
        funcs,
        Tracks::Shape,
        "func(...interface {}) bool",
        &[
            ("all", |_, a| Ok(Value::from(!a.iter().any(is_empty)))),
            ("any", |_, a| Ok(Value::from(!a.iter().all(is_empty)))),
        ],
    );
    add_all(funcs, Tracks::Own, "func(interface {}, ...interface {}) interface {}", &[("default", default)]);
    add_all(funcs, Tracks::Own, "func(...interface {}) interface {}", &[("coalesce", coalesce)]);
    add_all(
        funcs,
        Tracks::Own,
        "func(interface {}, interface {}, bool) interface {}",
        &[("ternary", |c, a| Ok(chosen(c, a[usize::from(!a[2].is_true())].clone(), &a[2..])))],
    );
}

fn type_is_like(_: &mut mwrender_gotemplate::Context<'_>, args: &[Value]) -> Out {
    let (wanted, name) = (bytes(&args[0]), args[1].type_name().as_bytes());
    Ok(Value::from(wanted == name || name.strip_prefix(b"*") == Some(wanted)))
}

fn default(context: &mut mwrender_gotemplate::Context<'_>, args: &[Value]) -> Out {
    Ok(match args.get(1) {
        Some(given) if !is_empty(given) => given.clone(),
        given => chosen(context, args[0].clone(), given),
    })
}

/// The first value that is not empty; those before it were.
fn coalesce(context: &mut mwrender_gotemplate::Context<'_>, args: &[Value]) -> Out {
    let found = args.iter().position(|value| !is_empty(value)).unwrap_or(args.len());
    let value = args.get(found).cloned().unwrap_or(Value::NIL);
    Ok(chosen(context, value, &args[..found]))
}
