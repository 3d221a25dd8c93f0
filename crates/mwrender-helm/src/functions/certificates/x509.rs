//! Certificates, with the fields that Go's `x509.CreateCertificate` writes for Sprig.

use std::net::IpAddr;
use std::time::Duration;

use mwrender_gotemplate::Context;
use sha1::{Digest, Sha1};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::der::asn1::{
    GeneralizedTime, Ia5String, ObjectIdentifier, OctetString, PrintableStringRef, SetOfVec, UtcTime,
    Utf8StringRef,
};
use x509_cert::der::pem::LineEnding;
use x509_cert::der::{Any, DecodePem, Encode, EncodePem};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
    SubjectKeyIdentifier,
};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

use super::key::Key;

/// What a certificate is to say.
pub(super) struct Request {
    pub(super) name: String,
    pub(super) addresses: Vec<IpAddr>,
    pub(super) names: Vec<String>,
    pub(super) days: i64,
    pub(super) authority: bool,
}

/// The certificate that another one is signed with.
pub(super) struct Issuer {
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    key_id: Option<Vec<u8>>,
}

type Result<T> = std::result::Result<T, String>;

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Issuer {
    /// Reads a certificate from PEM.
    ///
    /// # Errors
    /// What Sprig says.
    pub(super) fn read(pem: &str) -> Result<Issuer> {
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        const END: &str = "-----END CERTIFICATE-----";
        let found = pem.find(BEGIN).and_then(|start| {
            let length = pem[start..].find(END)?;
            Some(&pem[start..start + length + END.len()])
        });
        let pem = found.ok_or("unable to decode certificate")?;
        let certificate = Certificate::from_pem(pem)
            .map_err(|error| format!("error parsing certificate: decodedSignerCert.Bytes: {error}"))?;
        let certificate = certificate.tbs_certificate;
        let key_id = certificate.get::<SubjectKeyIdentifier>().ok().flatten();
        Ok(Issuer {
            subject: certificate.subject,
            key: certificate.subject_public_key_info,
            key_id: key_id.map(|(_, id)| id.0.as_bytes().to_vec()),
        })
    }
}

/// A certificate as PEM; signed with its own key where there is no other.
pub(super) fn sign(
    context: &Context<'_>,
    request: &Request,
    key: &Key,
    signer: Option<(&Issuer, &Key)>,
) -> Result<String> {
    let public = key.public()?;
    let subject = name(&request.name)?;
    let signing = signer.map_or(key, |(_, signing)| signing);
    if let Some((issuer, signing)) = signer
        && signing.public()? != issuer.key
    {
        return Err("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned());
    }
    let issuer = signer.map_or_else(|| subject.clone(), |(issuer, _)| issuer.subject.clone());
    let parent_id = signer.and_then(|(parent, _)| parent.key_id.clone()).filter(|_| issuer != subject);
    let mut serial = [0; 16];
    crate::functions::chance::fill(context, &mut serial).map_err(text)?;
    // numbers are signed, and this one is not negative
    let serial = [&[0][..], &serial].concat();
    let first = serial.iter().position(|b| *b != 0).unwrap_or(0);
    let padded = if serial[first] >= 0x80 { first - 1 } else { first };
    let seconds = crate::functions::time::now().as_second();
    let after = seconds.saturating_add(request.days.saturating_mul(86_400));
    let content = TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial[padded..]).map_err(text)?,
        signature: signing.algorithm(),
        issuer,
        validity: Validity { not_before: time(seconds)?, not_after: time(after)? },
        subject,
        extensions: Some(extensions(request, &public, parent_id)?),
        subject_public_key_info: public,
        issuer_unique_id: None,
        subject_unique_id: None,
    };
    let signature = signing.sign(&content.to_der().map_err(text)?)?;
    let signature_algorithm = signing.algorithm();
    let certificate = Certificate { tbs_certificate: content, signature_algorithm, signature };
    certificate.to_pem(LineEnding::LF).map_err(text)
}

fn time(seconds: i64) -> Result<Time> {
    let since = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
    match UtcTime::from_unix_duration(since) {
        Ok(time) => Ok(Time::UtcTime(time)),
        Err(_) => Ok(Time::GeneralTime(GeneralizedTime::from_unix_duration(since).map_err(text)?)),
    }
}

/// A name that is a common name.
fn name(common: &str) -> Result<Name> {
    if common.is_empty() {
        return Ok(RdnSequence(Vec::new()));
    }
    let value = match PrintableStringRef::new(common) {
        Ok(printable) => Any::from(printable),
        Err(_) => Any::from(Utf8StringRef::new(common).map_err(text)?),
    };
    let oid = ObjectIdentifier::new_unwrap("2.5.4.3");
    let set = SetOfVec::try_from(vec![AttributeTypeAndValue { oid, value }]).map_err(text)?;
    Ok(RdnSequence(vec![RelativeDistinguishedName(set)]))
}

fn extension(oid: &str, critical: bool, value: &impl Encode) -> Result<Extension> {
    Ok(Extension {
        extn_id: ObjectIdentifier::new(oid).map_err(text)?,
        critical,
        extn_value: OctetString::new(value.to_der().map_err(text)?).map_err(text)?,
    })
}

fn extensions(
    request: &Request,
    public: &SubjectPublicKeyInfoOwned,
    parent_id: Option<Vec<u8>>,
) -> Result<Vec<Extension>> {
    let mut usages = KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment;
    if request.authority {
        usages |= KeyUsages::KeyCertSign;
    }
    let purposes = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"].map(ObjectIdentifier::new_unwrap);
    let mut all = vec![
        extension("2.5.29.15", true, &KeyUsage(usages))?,
        extension("2.5.29.37", false, &ExtendedKeyUsage(purposes.to_vec()))?,
        extension("2.5.29.19", true, &BasicConstraints { ca: request.authority, path_len_constraint: None })?,
    ];
    if request.authority {
        let id = Sha1::digest(public.subject_public_key.raw_bytes());
        let id = OctetString::new(id.to_vec()).map_err(text)?;
        all.push(extension("2.5.29.14", false, &SubjectKeyIdentifier(id))?);
    }
    if let Some(id) = parent_id {
        let key_identifier = Some(OctetString::new(id).map_err(text)?);
        let id = AuthorityKeyIdentifier { key_identifier, ..AuthorityKeyIdentifier::default() };
        all.push(extension("2.5.29.35", false, &id)?);
    }
    let mut names = Vec::new();
    for name in &request.names {
        let fault =
            || format!("x509: {} cannot be encoded as an IA5String", crate::engine::data::quoted(name));
        names.push(GeneralName::DnsName(Ia5String::new(name).map_err(|_| fault())?));
    }
    for address in &request.addresses {
        let octets = match address {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(v6.octets().to_vec(), |v4| v4.octets().to_vec()),
        };
        names.push(GeneralName::IpAddress(OctetString::new(octets).map_err(text)?));
    }
    if !names.is_empty() {
        all.push(extension("2.5.29.17", request.name.is_empty(), &SubjectAltName(names))?);
    }
    Ok(all)
}
