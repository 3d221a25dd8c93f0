//! Numbers: arithmetic on `int64` and decimals, rounding, and lists of integers.

use mwrender_gotemplate::{Context, Funcs, IntKind, Kind, List, Tracks, Type, Value};

use super::args::{Body, Out, add_all, bytes, charge_list, charge_text, int};
use super::cast::{to_float, to_int};
use super::decimal::Decimal;

pub(super) fn add(funcs: &mut Funcs) {
    let all = |funcs: &mut Funcs, signature: &str, all: &[(&str, Body)]| {
        add_all(funcs, Tracks::Operands, signature, all);
    };
    all(funcs, "func(interface {}) int", &[("int", |_, a| Ok(Value::int(to_int(&a[0]))))]);
    all(
        funcs,
        "func(interface {}) int64",
        &[
            ("int64", |_, a| Ok(Value::from(to_int(&a[0])))),
            ("add1", |_, a| Ok(Value::from(to_int(&a[0]).wrapping_add(1)))),
            ("toDecimal", to_decimal),
        ],
    );
    all(funcs, "func(string) int", &[("atoi", |_, a| Ok(Value::int(atoi(bytes(&a[0])))))]);
    all(
        funcs,
        "func(...interface {}) int64",
        &[("add", |_, a| Ok(Value::from(a.iter().fold(0i64, |sum, b| sum.wrapping_add(to_int(b))))))],
    );
    all(
        funcs,
        "func(interface {}, interface {}) int64",
        &[
            ("sub", |_, a| Ok(Value::from(to_int(&a[0]).wrapping_sub(to_int(&a[1]))))),
            ("div", |_, a| divided(a, i64::wrapping_div)),
            ("mod", |_, a| divided(a, i64::wrapping_rem)),
        ],
    );
    let several = "func(interface {}, ...interface {}) int64";
    all(
        funcs,
        several,
        &[
            ("mul", |_, a| folded(a, i64::wrapping_mul)),
            ("max", |_, a| folded(a, i64::max)),
            ("biggest", |_, a| folded(a, i64::max)),
            ("min", |_, a| folded(a, i64::min)),
        ],
    );
    all(
        funcs,
        "func(interface {}) float64",
        &[
            ("float64", |_, a| Ok(Value::from(to_float(&a[0])))),
            ("floor", |_, a| Ok(Value::from(to_float(&a[0]).floor()))),
            ("ceil", |_, a| Ok(Value::from(to_float(&a[0]).ceil()))),
            ("add1f", |c, a| decimals(c, to_float(&a[0]), &[Value::int(1)], |a, b| Ok(a.add(b)))),
        ],
    );
    all(funcs, "func(...interface {}) float64", &[("addf", |c, a| decimals(c, 0.0, a, |a, b| Ok(a.add(b))))]);
    all(
        funcs,
        "func(interface {}, ...interface {}) float64",
        &[
            ("subf", |c, a| decimals(c, to_float(&a[0]), &a[1..], |a, b| Ok(a.sub(b)))),
            ("mulf", |c, a| decimals(c, to_float(&a[0]), &a[1..], |a, b| Ok(a.mul(b)))),
            ("divf", |c, a| decimals(c, to_float(&a[0]), &a[1..], Decimal::div)),
            ("maxf", |_, a| folded_floats(a, |a, b| a > b)),
            ("minf", |_, a| folded_floats(a, |a, b| a < b)),
        ],
    );
    all(funcs, "func(interface {}, int, ...float64) float64", &[("round", round)]);
    all(
        funcs,
        "func(int) []int",
        &[("until", |c, a| {
            let end = int(&a[0]);
            ints(c, 0, end, if end < 0 { -1 } else { 1 })
        })],
    );
    all(
        funcs,
        "func(int, int, int) []int",
        &[("untilStep", |c, a| ints(c, int(&a[0]), int(&a[1]), int(&a[2])))],
    );
    all(funcs, "func(...int) string", &[("seq", seq)]);
}

fn divided(args: &[Value], divide: fn(i64, i64) -> i64) -> Out {
    match to_int(&args[1]) {
        0 => Err("runtime error: integer divide by zero".into()),
        by => Ok(Value::from(divide(to_int(&args[0]), by))),
    }
}

fn folded(args: &[Value], fold: fn(i64, i64) -> i64) -> Out {
    Ok(Value::from(args[1..].iter().fold(to_int(&args[0]), |so_far, b| fold(so_far, to_int(b)))))
}

/// Go's `math.Max` and `math.Min`: infinity first, then what is no number, and 0 is above -0.
fn folded_floats(args: &[Value], wins: fn(f64, f64) -> bool) -> Out {
    let limit = if wins(1.0, 0.0) { f64::INFINITY } else { f64::NEG_INFINITY };
    #[expect(clippy::float_cmp, reason = "infinity and zero are exact")]
    let choose = |a: f64, b: f64| {
        if a == limit || b == limit {
            limit
        } else if a.is_nan() || b.is_nan() {
            f64::NAN
        } else if a == 0.0 && b == 0.0 {
            if a.is_sign_negative() == (limit < 0.0) { a } else { b }
        } else if wins(a, b) {
            a
        } else {
            b
        }
    };
    Ok(Value::from(args[1..].iter().fold(to_float(&args[0]), |so_far, b| choose(so_far, to_float(b)))))
}

fn decimals(
    context: &mut Context<'_>,
    first: f64,
    others: &[Value],
    operation: impl Fn(&Decimal, &Decimal) -> Result<Decimal, String>,
) -> Out {
    let mut result = Decimal::new(first)?;
    for other in others {
        context.charge(1)?;
        result = operation(&result, &Decimal::new(to_float(other))?)?;
    }
    Ok(Value::from(result.to_float()))
}

/// What `%v` prints, read with base 8.
fn to_decimal(_: &mut Context<'_>, args: &[Value]) -> Out {
    let mut printed = Vec::new();
    mwrender_gotemplate::print_into(&mut printed, &args[0])?;
    let digits = std::str::from_utf8(&printed).ok();
    Ok(Value::from(digits.and_then(|d| i64::from_str_radix(d, 8).ok()).unwrap_or(0)))
}

/// 0 for what is no number, and the limit for what is beyond it.
fn atoi(text: &[u8]) -> i64 {
    use std::num::IntErrorKind::{NegOverflow, PosOverflow};
    let Ok(text) = std::str::from_utf8(text) else { return 0 };
    text.parse().unwrap_or_else(|e: std::num::ParseIntError| match e.kind() {
        PosOverflow => i64::MAX,
        NegOverflow => i64::MIN,
        _ => 0,
    })
}

/// Up where the part behind the wanted digits reaches a limit, down otherwise.
fn round(_: &mut Context<'_>, args: &[Value]) -> Out {
    let on = match args.get(2).map(Value::kind) {
        Some(Kind::Float(on)) => *on,
        _ => 0.5,
    };
    let power = power_of_ten(int(&args[1]));
    let shifted = power * to_float(&args[0]);
    // not `fract`: of infinity it is no number, as in Go
    let rest = shifted - shifted.trunc();
    let rounded = if rest >= on { shifted.ceil() } else { shifted.floor() };
    Ok(Value::from(rounded / power))
}

/// Go's `math.Pow(10, n)`, whose last digits are not always the closest ones: it squares a fraction between a
/// half and one, and keeps the power of two apart.
fn power_of_ten(n: i64) -> f64 {
    if n == 0 {
        return 1.0;
    }
    if n == 1 {
        return 10.0;
    }
    let (mut result, mut exponent) = (1.0f64, 0i64);
    let (mut base, mut base_exponent) = (0.625f64, 4i64);
    let mut left = n.unsigned_abs();
    while left != 0 {
        if base_exponent.abs() > 1 << 12 {
            exponent += base_exponent;
            break;
        }
        if left & 1 == 1 {
            result *= base;
            exponent += base_exponent;
        }
        base *= base;
        base_exponent *= 2;
        if base < 0.5 {
            base *= 2.0;
            base_exponent -= 1;
        }
        left >>= 1;
    }
    if n < 0 {
        result = 1.0 / result;
        exponent = -exponent;
    }
    // in two steps, since a power of two may be out of range where the product is not
    let exponent = i32::try_from(exponent.clamp(-2000, 2000)).unwrap_or(0);
    let half = exponent / 2;
    result * 2f64.powi(half) * 2f64.powi(exponent - half)
}

/// How many steps it takes from `start` to before `end`.
fn steps(start: i64, end: i64, step: i64) -> usize {
    let (distance, width) = (end.abs_diff(start), step.unsigned_abs());
    if width == 0 || distance == 0 || (step > 0) != (end > start) {
        return 0;
    }
    usize::try_from(distance.div_ceil(width)).unwrap_or(usize::MAX)
}

fn ints(context: &mut Context<'_>, start: i64, end: i64, step: i64) -> Out {
    let count = steps(start, end, step);
    charge_list(context, count)?;
    let items = (0..count as i64)
        .map(|i| Value::new(Kind::Int(start.wrapping_add(i.wrapping_mul(step)), IntKind::Int)));
    let capacity = if count == 0 || count > 64 { 0 } else { count.next_power_of_two() };
    Ok(List::with_capacity(Type::INTS, items.collect(), capacity).into())
}

/// From the first to the last number with spaces between; the one between is the step.
fn seq(context: &mut Context<'_>, args: &[Value]) -> Out {
    let numbers: Vec<i64> = args.iter().map(int).collect();
    let (start, step, last) = match numbers[..] {
        [last] => (1, None, last),
        [start, last] => (start, None, last),
        [start, step, last] => (start, Some(step), last),
        _ => return Ok(Value::string("")),
    };
    let towards = if last < start { -1 } else { 1 };
    if towards < 0 && step.is_some_and(|step| step > 0) {
        return Ok(Value::string(""));
    }
    let (end, step) = (last.wrapping_add(towards), step.unwrap_or(towards));
    let count = steps(start, end, step);
    charge_list(context, count)?;
    charge_text(context, count.checked_mul(8))?;
    let shown: Vec<String> =
        (0..count as i64).map(|i| start.wrapping_add(i.wrapping_mul(step)).to_string()).collect();
    Ok(Value::from(shown.join(" ")))
}
