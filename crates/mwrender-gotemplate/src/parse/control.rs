//! Actions: keywords and what belongs to them.

use super::{Item, Open, Parser, Stop};
use crate::ast::{Action, Branch, BranchKind, Call, List, Node};
use crate::error::Error;
use crate::lex::{Kind, Token};

impl Parser<'_> {
    /// What stands between delimiters; the left one has been read.
    pub(super) fn action(&mut self) -> Result<Item, Error> {
        let token = self.next_non_space();
        let node = match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => self.jump(token, "{{break}}", Node::Break)?,
            Kind::Continue => self.jump(token, "{{continue}}", Node::Continue)?,
            Kind::Else => {
                if !matches!(self.peek_non_space().kind, Kind::If | Kind::With) {
                    self.expect(Kind::RightDelim, "else")?;
                }
                return Ok(Item::Stop(Stop::Else));
            }
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Item::Stop(Stop::End));
            }
            Kind::If => self.branch(BranchKind::If)?,
            Kind::Range => self.branch(BranchKind::Range)?,
            Kind::Template => self.template()?,
            Kind::With => self.branch(BranchKind::With)?,
            _ => {
                self.backup();
                let pos = self.peek().span.start;
                Node::Action(Action { pos, pipe: self.pipeline("command", Kind::RightDelim)? })
            }
        };
        Ok(Item::Node(node))
    }

    fn jump(&mut self, token: Token, word: &str, node: fn(u32) -> Node) -> Result<Node, Error> {
        let end = self.next_non_space();
        if end.kind != Kind::RightDelim {
            return Err(self.unexpected(end, word));
        }
        if self.scope.ranges == 0 {
            return Err(self.fail(format!("{word} outside {{{{range}}}}")));
        }
        for open in self.scope.open.iter_mut().rev() {
            if open.kind == BranchKind::Range {
                break;
            }
            open.jumps = true;
        }
        Ok(node(token.span.start))
    }

    fn branch(&mut self, kind: BranchKind) -> Result<Node, Error> {
        self.check_depth()?;
        let declared = self.scope.vars.len();
        let context = match kind {
            BranchKind::If => "if",
            BranchKind::With => "with",
            BranchKind::Range => "range",
        };
        self.scope.open.push(Open { kind, assigned: Vec::new(), jumps: false });
        let pipe = self.pipeline(context, Kind::RightDelim)?;
        let in_range = usize::from(kind == BranchKind::Range);
        self.scope.ranges += in_range;
        let (list, stop) = self.item_list()?;
        self.scope.ranges -= in_range;
        let otherwise = match stop {
            Stop::End => None,
            Stop::Else => Some(self.otherwise(kind)?),
        };
        self.scope.pop_to(declared);
        let (assigned, jumps) = self.close();
        Ok(Node::Branch(Box::new(Branch { kind, pipe, list, otherwise, assigned, jumps })))
    }

    /// What follows `{{else`: nodes, or another `if` or `with` whose end is this one's as well.
    fn otherwise(&mut self, kind: BranchKind) -> Result<List, Error> {
        let chained =
            matches!((kind, self.peek().kind), (BranchKind::If, Kind::If) | (BranchKind::With, Kind::With));
        if chained {
            self.next();
            return Ok(List { nodes: Box::new([self.branch(kind)?]) });
        }
        let (list, stop) = self.item_list()?;
        if stop != Stop::End {
            return Err(self.fail(format!("expected end; found {}", stop.text())));
        }
        Ok(list)
    }

    /// Ends a branch: what it assigns, the one around it assigns as well.
    fn close(&mut self) -> (Box<[u32]>, bool) {
        let Some(mut open) = self.scope.open.pop() else {
            return (Box::default(), false);
        };
        open.assigned.sort_unstable();
        open.assigned.dedup();
        if let Some(outer) = self.scope.open.last_mut() {
            outer.assigned.extend_from_slice(&open.assigned);
        }
        (open.assigned.into(), open.jumps)
    }

    fn template_name(&mut self, token: Token, context: &str) -> Result<Box<str>, Error> {
        if !matches!(token.kind, Kind::String | Kind::RawString) {
            return Err(self.unexpected(token, context));
        }
        Ok(String::from_utf8_lossy(&self.unquote(token)?).into())
    }

    fn block(&mut self) -> Result<Node, Error> {
        const CONTEXT: &str = "block clause";
        let token = self.next_non_space();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelim)?;
        let clause = self.tokens[0];
        let outer = self.new_scope();
        self.tree((name.clone(), token.span.start), CONTEXT, Some(clause))?;
        self.scope = outer;
        Ok(Node::Template(Box::new(Call { pos: token.span.start, name, pipe: Some(pipe) })))
    }

    fn template(&mut self) -> Result<Node, Error> {
        const CONTEXT: &str = "template clause";
        let token = self.next_non_space();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = if self.next_non_space().kind == Kind::RightDelim {
            None
        } else {
            self.backup();
            Some(self.pipeline(CONTEXT, Kind::RightDelim)?)
        };
        Ok(Node::Template(Box::new(Call { pos: token.span.start, name, pipe })))
    }
}
