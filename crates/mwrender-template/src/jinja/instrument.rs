//! Rewrites a template so that rendering it says where each piece comes from.
//!
//! minijinja's own tokenizer reads the template, so what is text and what is a tag is decided by minijinja, and
//! text comes out with its whitespace already trimmed. The rewritten template is therefore rendered without any
//! trimming. `{{ e }}` becomes `{{ __emit(site, __enter(), (e)) }}`; regions of `if`, `for` and `include` are
//! bracketed by markers; each line of text gets a marker with its position.

#![expect(
    clippy::format_push_string,
    clippy::format_collect,
    reason = "templates are rewritten once, and read better so"
)]

use super::marker::{self, Mark};
use minijinja::machinery::{Token, tokenize};
use minijinja::syntax::SyntaxConfig;
use mwrender_diagnostic::Pos;

/// A place in a template that markers and functions refer to by number.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// Where it is.
    pub(crate) pos: Pos,
    /// The variables that an expression there mentions.
    pub(crate) names: Vec<Box<str>>,
}

/// An open block while rewriting.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    If(usize),
    For(usize),
    Macro,
}

struct Tok<'a> {
    token: Token<'a>,
    start: usize,
    end: usize,
}

/// Rewrites one template whose first byte is at `base`, appending its places to `sites`.
pub(crate) fn instrument(
    source: &str,
    base: Pos,
    syntax: SyntaxConfig,
    sites: &mut Vec<Site>,
) -> Result<String, minijinja::Error> {
    let mut tokens = Vec::new();
    for result in tokenize(source, false, syntax) {
        let (token, span) = result?;
        tokens.push(Tok { token, start: span.start_offset as usize, end: span.end_offset as usize });
    }
    let mut rewriter =
        Rewriter { source, base, sites, out: String::with_capacity(source.len() * 2), open: Vec::new() };
    let mut i = 0;
    while i < tokens.len() {
        let close = |end: fn(&Token<'_>) -> bool| {
            tokens[i..].iter().position(|t| end(&t.token)).map_or(tokens.len() - 1, |n| i + n)
        };
        match tokens[i].token {
            Token::TemplateData(text) => {
                rewriter.text(text);
                i += 1;
            }
            Token::VariableStart => {
                let end = close(|t| matches!(t, Token::VariableEnd));
                rewriter.expression(&tokens[i + 1..end], tokens[i].start, tokens[i].end..tokens[end].start);
                i = end + 1;
            }
            _ => {
                let end = close(|t| matches!(t, Token::BlockEnd));
                rewriter.block(&tokens[i + 1..end], tokens[i].start, tokens[end].start);
                i = end + 1;
            }
        }
    }
    Ok(rewriter.out)
}

struct Rewriter<'s, 'o> {
    source: &'s str,
    base: Pos,
    sites: &'o mut Vec<Site>,
    out: String,
    open: Vec<Open>,
}

impl Rewriter<'_, '_> {
    fn site(&mut self, offset: usize, tokens: &[Tok<'_>]) -> usize {
        self.sites.push(Site { pos: self.base.offset(offset as u32), names: names(tokens) });
        self.sites.len() - 1
    }

    /// Text of the template, with a marker before the first visible character of each line.
    fn text(&mut self, text: &str) {
        // a slice of the source: its address says where it stands
        let offset = (text.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
        let mut marked = String::with_capacity(text.len() + 16);
        let mut at = offset;
        for line in text.split_inclusive('\n') {
            let blank = line.len() - line.trim_start().len();
            marked.push_str(&line[..blank]);
            if blank < line.len() {
                let site = self.site(at + blank, &[]);
                marker::push(&mut marked, Mark::Raw(site as u32));
                marked.push_str(&line[blank..]);
            }
            at += line.len();
        }
        // text that looks like a tag came from a raw block
        if ["{{", "{%", "{#"].iter().any(|tag| text.contains(tag)) || text.ends_with('{') {
            self.out.push_str("{% raw %}");
            self.out.push_str(&marked);
            self.out.push_str("{% endraw %}");
        } else {
            self.out.push_str(&marked);
        }
    }

    fn expression(&mut self, tokens: &[Tok<'_>], start: usize, inner: std::ops::Range<usize>) {
        let site = self.site(start, tokens);
        let inner = &self.source[inner];
        self.out.push_str(&format!("{{{{ __emit({site}, __enter(), ({inner})) }}}}"));
    }

    fn region_end(&mut self) {
        marker::push(&mut self.out, Mark::ContextEnd);
    }

    fn block(&mut self, tokens: &[Tok<'_>], start: usize, end: usize) {
        let Some(first) = tokens.first() else { return };
        let word = if let Token::Ident(word) = first.token { word } else { "" };
        let rest = &self.source[first.end..end];
        let arguments = &tokens[1..];
        match word {
            "if" => {
                let site = self.site(start, arguments);
                self.open.push(Open::If(site));
                self.out.push_str(&format!(
                    "{{% if __if({site}, {site}, __enter(), ({rest})) %}}{{{{ __region({site}) }}}}"
                ));
            }
            "elif" => {
                let site = self.site(start, arguments);
                let chain = self.chain().unwrap_or(site);
                self.region_end();
                self.out.push_str(&format!(
                    "{{% elif __if({site}, {chain}, __enter(), ({rest})) %}}{{{{ __region({chain}) }}}}"
                ));
            }
            "else" => {
                self.region_end();
                self.out.push_str("{% else %}");
                if let Some(chain) = self.chain() {
                    self.out.push_str(&format!("{{{{ __region({chain}) }}}}"));
                }
            }
            "endif" | "endfor" => {
                self.open.pop();
                self.region_end();
                self.out.push_str(&format!("{{% {word} %}}"));
            }
            "break" | "continue" => {
                let regions = self.open.iter().rev().take_while(|o| !matches!(o, Open::For(_))).count() + 1;
                for _ in 0..regions {
                    self.region_end();
                }
                self.out.push_str(&format!("{{% {word} %}}"));
            }
            "include" => {
                let site = self.site(start, arguments);
                self.out.push_str(&format!("{{{{ __include({site}) }}}}{{% include{rest} %}}"));
                self.region_end();
            }
            "for" => self.for_loop(arguments, start, first.end, end),
            "set" => match at_top(arguments, |t| matches!(t, Token::Assign)) {
                Some(assign) => {
                    let site = self.site(start, &arguments[assign + 1..]);
                    let target = self.source[first.end..arguments[assign].start].trim();
                    let value = &self.source[arguments[assign].end..end];
                    self.out.push_str(&format!(
                        "{{% set {target} = __set({site}, __enter(), ({value}), \"{target}\") %}}"
                    ));
                }
                None => self.out.push_str(&format!("{{% set{rest} %}}")),
            },
            "macro" => {
                self.open.push(Open::Macro);
                self.out.push_str(&format!("{{% macro{rest} %}}"));
                let parameters = parameters(arguments);
                let list: String = parameters.iter().map(|p| format!(", \"{p}\", {p}")).collect();
                self.out.push_str(&format!("{{{{ __macro(0{list}) }}}}"));
            }
            "endmacro" => {
                self.open.pop();
                self.out.push_str("{{ __endmacro() }}{% endmacro %}");
            }
            _ => self.out.push_str(&format!("{{% {word}{rest} %}}")),
        }
    }

    fn for_loop(&mut self, arguments: &[Tok<'_>], start: usize, from: usize, end: usize) {
        let is = |word: &'static str| move |t: &Token<'_>| matches!(t, Token::Ident(w) if *w == word);
        let Some(position) = at_top(arguments, is("in")) else { return };
        let target = self.source[from..arguments[position].start].trim();
        let body = &arguments[position + 1..];
        let cut = [at_top(body, is("if")), at_top(body, is("recursive"))].into_iter().flatten().min();
        let iterable_end = cut.map_or(end, |c| body[c].start);
        let iterable = &self.source[arguments[position].end..iterable_end];
        let tail = &self.source[iterable_end..end];
        let site = self.site(start, &body[..cut.unwrap_or(body.len())]);
        self.open.push(Open::For(site));
        let names = target.trim_matches(['(', ')']);
        self.out.push_str(&format!(
            "{{% for {target} in __for({site}, __enter(), ({iterable}), \"{target}\") {tail} %}}{{{{ __item({site}, {names}) }}}}"
        ));
    }

    fn chain(&self) -> Option<usize> {
        self.open.iter().rev().find_map(|o| match o {
            Open::If(site) | Open::For(site) => Some(*site),
            Open::Macro => None,
        })
    }
}

/// The first token outside of all brackets that fits.
fn at_top(tokens: &[Tok<'_>], fits: impl Fn(&Token<'_>) -> bool) -> Option<usize> {
    let mut depth = 0;
    tokens.iter().position(|t| {
        match t.token {
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => depth += 1,
            Token::ParenClose | Token::BracketClose | Token::BraceClose => depth -= 1,
            _ => {}
        }
        depth == 0 && fits(&t.token)
    })
}

/// The variables that an expression mentions: identifiers that are not attributes, filters or keywords.
fn names(tokens: &[Tok<'_>]) -> Vec<Box<str>> {
    let mut names: Vec<Box<str>> = Vec::new();
    for (i, t) in tokens.iter().enumerate() {
        let Token::Ident(name) = t.token else { continue };
        let after = i.checked_sub(1).map(|j| &tokens[j].token);
        let attribute = matches!(after, Some(Token::Dot | Token::Pipe))
            || matches!(after, Some(Token::Ident("is" | "not")) if matches!(i.checked_sub(2).map(|j| &tokens[j].token), Some(Token::Ident("is"))) || matches!(after, Some(Token::Ident("is"))));
        let keyword = matches!(tokens.get(i + 1).map(|t| &t.token), Some(Token::Assign))
            || matches!(
                name,
                "values"
                    | "if"
                    | "else"
                    | "and"
                    | "or"
                    | "not"
                    | "in"
                    | "is"
                    | "true"
                    | "false"
                    | "none"
                    | "loop"
            );
        if !attribute && !keyword && !names.iter().any(|n| **n == *name) {
            names.push(name.into());
        }
    }
    names
}

/// The parameters of `macro name(a, b=1)`.
fn parameters(tokens: &[Tok<'_>]) -> Vec<String> {
    let mut depth = 0;
    let mut names = Vec::new();
    for (i, t) in tokens.iter().enumerate() {
        match t.token {
            Token::ParenOpen | Token::BracketOpen | Token::BraceOpen => depth += 1,
            Token::ParenClose | Token::BracketClose | Token::BraceClose => depth -= 1,
            Token::Ident(name) if depth == 1 => {
                if matches!(i.checked_sub(1).map(|j| &tokens[j].token), Some(Token::ParenOpen | Token::Comma))
                {
                    names.push(name.to_string());
                }
            }
            _ => {}
        }
    }
    names
}
