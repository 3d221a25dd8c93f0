//! Pipelines, commands and operands.

use super::Parser;
use crate::ast::{Chain, Command, Expr, Literal, Pipe, Variable};
use crate::error::Error;
use crate::go::quote::quoted;
use crate::lex::{Kind, Token};
use crate::source::Span;
use crate::value::Str;

impl<'s> Parser<'s> {
    /// Commands up to `end`, with the variables before them.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<Pipe, Error> {
        self.check_depth()?;
        let pos = self.peek_non_space().span.start;
        let (assign, decl) = self.declarations(context)?;
        let start = self.commands.len();
        loop {
            let token = self.next_non_space();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    self.commands.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
        self.check(&self.commands[start..], context)?;
        let commands = self.commands.drain(start..).collect();
        Ok(Pipe { pos, assign, decl: decl.into(), commands })
    }

    /// `$x :=`, `$x =`, and before `range` also `$x, $y :=`.
    fn declarations(&mut self, context: &str) -> Result<(bool, Vec<Variable>), Error> {
        let mut decl = Vec::new();
        loop {
            let variable = self.peek_non_space();
            if variable.kind != Kind::Variable {
                return Ok((false, decl));
            }
            self.next();
            // a space between the variable and what follows must be given back, too
            let after = self.peek();
            let next = self.peek_non_space();
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    self.next_non_space();
                    let assign = next.kind == Kind::Assign;
                    self.declare(variable, &mut decl);
                    if assign {
                        let ids = decl.iter().map(|v| v.id);
                        if let Some(open) = self.scope.open.last_mut() {
                            open.assigned.extend(ids);
                        }
                    }
                    return Ok((assign, decl));
                }
                Kind::Char if self.text(next) == b"," => {
                    self.next_non_space();
                    self.declare(variable, &mut decl);
                    if context != "range" || decl.len() >= 2 {
                        return Err(self.fail(format!("too many declarations in {context}")));
                    }
                    match self.peek_non_space().kind {
                        Kind::Variable | Kind::RightDelim | Kind::RightParen => {}
                        _ => return Err(self.fail("range can only initialize variables")),
                    }
                }
                _ => {
                    if after.kind == Kind::Space {
                        self.backup3(variable, after);
                    } else {
                        self.backup2(variable);
                    }
                    return Ok((false, decl));
                }
            }
        }
    }

    fn declare(&mut self, token: Token, decl: &mut Vec<Variable>) {
        let variable = self.variable(token.span.start, token.span);
        self.scope.declare(variable.id);
        decl.push(variable);
    }

    fn check(&self, commands: &[Command], context: &str) -> Result<(), Error> {
        if commands.is_empty() {
            return Err(self.fail(format!("missing value for {context}")));
        }
        for (i, command) in commands.iter().enumerate().skip(1) {
            if let Expr::Bool(..) | Expr::Dot(_) | Expr::Nil(_) | Expr::Number(_) | Expr::String(_) =
                command.args[0]
            {
                return Err(self.fail(format!("non executable command in pipeline stage {}", i + 1)));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Result<Command, Error> {
        let start = self.args.len();
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                self.args.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.backup(),
                Kind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            break;
        }
        if self.args.len() == start {
            return Err(self.fail("empty command"));
        }
        Ok(Command { args: self.args.drain(start..).collect() })
    }

    /// A term with the fields that follow it without space.
    fn operand(&mut self) -> Result<Option<Expr>, Error> {
        let Some(term) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        // Go places the whole at its second element
        let pos = first.span.start;
        let mut fields = Vec::new();
        while self.peek().kind == Kind::Field {
            fields.push(without_dot(self.next()));
        }
        let joined = |first: Box<[Span]>, rest: Vec<Span>| -> Box<[Span]> {
            first.iter().copied().chain(rest).collect()
        };
        Ok(Some(match term {
            Expr::Field(_, first) => Expr::Field(pos, joined(first, fields)),
            Expr::Variable(mut variable) => {
                variable.fields = joined(std::mem::take(&mut variable.fields), fields);
                variable.pos = pos;
                Expr::Variable(variable)
            }
            Expr::Bool(..) | Expr::String(_) | Expr::Number(_) | Expr::Nil(_) | Expr::Dot(_) => {
                let mut text = Vec::new();
                term.print(&mut text, self.source);
                return Err(self.fail(format!("unexpected . after term {}", quoted(&text))));
            }
            base => Expr::Chain(Box::new(Chain { pos, base, fields: fields.into() })),
        }))
    }

    fn term(&mut self) -> Result<Option<Expr>, Error> {
        let token = self.next_non_space();
        let pos = token.span.start;
        Ok(Some(match token.kind {
            Kind::Identifier => {
                let name = self.source.name_at(token.span);
                let Some(index) = self.funcs.index(name) else {
                    return Err(self.fail(format!("function {} not defined", quoted(name.as_bytes()))));
                };
                Expr::Function { span: token.span, index }
            }
            Kind::Dot => Expr::Dot(pos),
            Kind::Nil => Expr::Nil(pos),
            Kind::Variable => {
                let variable = self.variable(pos, token.span);
                if !self.scope.knows(variable.id) {
                    let name = quoted(self.text(token));
                    return Err(self.fail(format!("undefined variable {name}")));
                }
                Expr::Variable(Box::new(variable))
            }
            Kind::Field => Expr::Field(pos, Box::new([without_dot(token)])),
            Kind::Bool => Expr::Bool(pos, self.text(token) == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => Expr::Number(Box::new(self.number(token)?)),
            Kind::LeftParen => {
                let Some(left) = self.parentheses.checked_sub(1) else {
                    return Err(self.fail("max expression depth exceeded"));
                };
                self.parentheses = left;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.parentheses += 1;
                Expr::Pipe(Box::new(pipe))
            }
            Kind::String | Kind::RawString => {
                let text = Str::from(self.unquote(token)?);
                Expr::String(Box::new(Literal { span: token.span, text }))
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        }))
    }

    fn variable(&mut self, pos: u32, name: Span) -> Variable {
        let text: &'s [u8] = self.source.slice(name);
        Variable { pos, id: self.variable_id(text), name, fields: Box::default() }
    }
}

fn without_dot(token: Token) -> Span {
    Span { start: token.span.start + 1, end: token.span.end }
}
