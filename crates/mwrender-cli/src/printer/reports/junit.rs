//! `JUnit`'s XML: each finding is a test case. Errors fail, what is less passes with its text as output.

use super::Findings;
use mwrender_core::diagnostic::{Severity, print};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

pub(super) fn print(findings: &Findings<'_>) -> anyhow::Result<String> {
    let mut report = Report::new(format!("mwrender {}", findings.command));
    let mut suite = TestSuite::new(findings.command);
    for diagnostic in findings.found {
        let text = print::full(diagnostic, findings.sources, false);
        let mut status = TestCaseStatus::success();
        if diagnostic.severity == Severity::Error {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(diagnostic.id).set_message(&*diagnostic.headline).set_description(&*text);
        }
        let mut case = TestCase::new(print::concise(diagnostic, findings.sources), status);
        if diagnostic.severity != Severity::Error {
            case.set_system_out(text);
        }
        case.set_classname(findings.place(diagnostic).map_or_else(String::new, |at| at.file.to_string()));
        suite.add_test_case(case);
    }
    if findings.found.is_empty() {
        let name = format!("{} {}", findings.looked_at, findings.subject);
        suite.add_test_case(TestCase::new(name, TestCaseStatus::success()));
    }
    report.add_test_suite(suite);
    Ok(report.to_string()? + "\n")
}
