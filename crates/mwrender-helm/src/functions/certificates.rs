//! Keys and certificates. They are new in each render.

mod dsa;
mod key;
mod x509;

use std::any::Any;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mwrender_gotemplate::{
    Context, Failure, Fields, Funcs, Function, Kind, Object, Shape, Type, Value, print,
};

use self::key::Key;
use self::x509::{Issuer, Request};

static CERTIFICATE: Type = Type::new("sprig.certificate", Shape::Object);

/// Signatures up to the key that the longer one of two functions gets.
const TYPES: &[&Type] = &[&CERTIFICATE];

pub(super) fn add(funcs: &mut Funcs) {
    funcs.add(Function::new("genPrivateKey", "func(string) string", &[], |context, args| {
        let kind = text(&args[0]);
        let key = match kind.as_str() {
            "" | "rsa" => Key::rsa(context, 4096)?,
            "ecdsa" => Key::ecdsa(context)?,
            "ed25519" => Key::ed25519(context)?,
            "dsa" => return dsa::pem(context).map(Value::from),
            _ => return Ok(Value::from(format!("Unknown type {kind}"))),
        };
        Ok(Value::from(key.pem()?))
    }));
    funcs.add(Function::new(
        "buildCustomCert",
        "func(string, string) (sprig.certificate, error)",
        TYPES,
        |_, args| {
            let decode = |n: usize, what: &str| {
                let bytes = args[n].as_bytes().unwrap_or_default();
                STANDARD.decode(bytes).map_err(|_| format!("unable to decode base64 {what}"))
            };
            let cert = decode(0, "certificate")?;
            let key = decode(1, "private key")?;
            let (cert, key) =
                (String::from_utf8_lossy(&cert).into_owned(), String::from_utf8_lossy(&key).into_owned());
            Issuer::read(&cert).map_err(|error| error.replace("decodedSignerCert", "decodedCert"))?;
            Key::read(&key).map_err(|error| format!("error parsing private key: {error}"))?;
            Ok(Value::object(Certificate { cert, key }))
        },
    ));
    for (name, with_key) in [("genCA", false), ("genCAWithKey", true)] {
        let key = if with_key { ", string" } else { "" };
        let signature = format!("func(string, int{key}) (sprig.certificate, error)");
        funcs.add(Function::new(name, &signature, TYPES, move |context, args| {
            let key = own_key(context, args.get(2))?;
            let request = Request {
                name: text(&args[0]),
                addresses: Vec::new(),
                names: Vec::new(),
                days: days(&args[1]),
                authority: true,
            };
            made(context, &request, &key, None)
        }));
    }
    for (name, with_key) in [("genSelfSignedCert", false), ("genSelfSignedCertWithKey", true)] {
        let key = if with_key { ", string" } else { "" };
        let signature =
            format!("func(string, []interface {{}}, []interface {{}}, int{key}) (sprig.certificate, error)");
        funcs.add(Function::new(name, &signature, TYPES, move |context, args| {
            let key = own_key(context, args.get(4))?;
            made(context, &request(args)?, &key, None)
        }));
    }
    for (name, with_key) in [("genSignedCert", false), ("genSignedCertWithKey", true)] {
        let key = if with_key { ", string" } else { "" };
        let signature = format!(
            "func(string, []interface {{}}, []interface {{}}, int, sprig.certificate{key}) (sprig.certificate, error)"
        );
        funcs.add(Function::new(name, &signature, TYPES, move |context, args| {
            let key = own_key(context, args.get(5))?;
            let authority = match args[4].kind() {
                Kind::Object(object) => object.as_any().downcast_ref::<Certificate>(),
                _ => None,
            };
            let authority = authority.ok_or("unable to decode certificate")?;
            let issuer = Issuer::read(&authority.cert)?;
            let signer =
                Key::read(&authority.key).map_err(|error| format!("error parsing private key: {error}"))?;
            made(context, &request(args)?, &key, Some((&issuer, &signer)))
        }));
    }
}

fn text(value: &Value) -> String {
    String::from_utf8_lossy(value.as_bytes().unwrap_or_default()).into_owned()
}

fn days(value: &Value) -> i64 {
    match value.kind() {
        Kind::Int(days, _) => *days,
        _ => 0,
    }
}

/// The key that a function was given, or a new one.
fn own_key(context: &Context<'_>, given: Option<&Value>) -> Result<Key, Failure> {
    match given {
        Some(pem) => Ok(Key::read(&text(pem)).map_err(|error| format!("parsing private key: {error}"))?),
        None => Key::rsa(context, 2048),
    }
}

fn request(args: &[Value]) -> Result<Request, Failure> {
    let items = |value: &Value| value.as_list().map(mwrender_gotemplate::List::to_vec).unwrap_or_default();
    let shown = |value: &Value| {
        String::from_utf8_lossy(&print(std::slice::from_ref(value)).unwrap_or_default()).into_owned()
    };
    let address = |value: &Value| {
        let text =
            value.as_str().ok_or_else(|| format!("error parsing ip: {} is not a string", shown(value)))?;
        text.parse::<std::net::IpAddr>().map_err(|_| format!("error parsing ip: {text}"))
    };
    let name = |value: &Value| {
        let fault = || format!("error processing alternate dns name: {} is not a string", shown(value));
        value.as_str().map(str::to_owned).ok_or_else(fault)
    };
    Ok(Request {
        name: text(&args[0]),
        addresses: items(&args[1]).iter().map(address).collect::<Result<_, _>>()?,
        names: items(&args[2]).iter().map(name).collect::<Result<_, _>>()?,
        days: days(&args[3]),
        authority: false,
    })
}

fn made(
    context: &Context<'_>,
    request: &Request,
    key: &Key,
    signer: Option<(&Issuer, &Key)>,
) -> Result<Value, Failure> {
    let cert = x509::sign(context, request, key, signer)
        .map_err(|error| format!("error creating certificate: {error}"))?;
    Ok(Value::object(Certificate { cert, key: key.pem()? }))
}

/// A certificate with its key, both as PEM.
struct Certificate {
    cert: String,
    key: String,
}

impl Object for Certificate {
    fn type_name(&self) -> &str {
        CERTIFICATE.name()
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(Value::from(self.cert.as_str())),
            "Key" => Some(Value::from(self.key.as_str())),
            _ => None,
        }
    }

    fn fields(&self) -> Fields {
        let fields = vec![("Cert", Value::from(self.cert.as_str())), ("Key", Value::from(self.key.as_str()))];
        Fields { pointer: false, fields }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
