//! Pure drawing of the browser's state.
//!
//! ```text
//!  sofiatui  internal.dump +2 rotated      406,828 messages ▕████▌     ▏  46%          title
//!  esinet.dump: permission denied (+1 more)                                            banner
//!  / -method:options from:1583                               1,204 of 406,828          screens: the line,
//!    # time            peer                    message       from      to                       the list
//! ▸  1 06:00:00.019608 udp 198.51.100.9:5060 → INVITE SDP    …
//! ▎  2 06:00:00.022703 udp 198.51.100.9:5060 ← 100 Trying    …
//! ─ Headers ─ Body (SDP) ─ Parts (2) ─ Raw ──────────────────────── 1–9 of 17 ─        details
//!  INVITE sip:1688@pbx.example SIP/2.0
//!  From      "+15553940441" <sip:+15553940441@203.0.113.5>;tag=79fbe33b24
//!  d ladder  / filter  y copy  Tab panes  z zoom  t time  ? help  q quit               footer
//! ```
//!
//! A drawing touches only what is visible, and gives back where it put things.
//!
//! Must not know: the terminal, the loader, how the state came about.

mod details;
mod footer;
mod layout;
mod overlays;
mod part_tree;
mod parts;
mod screens;
mod theme;
mod title;

use ratatui::layout::{Position, Rect};

use crate::app::{App, Targets};
use crate::style::Role;

use layout::SMALLEST;
use parts::{Surface, mask};

pub use theme::{Masks, Theme};

/// Draws the state; gives back where things are.
pub fn draw(app: &App, theme: &Theme, frame: &mut ratatui::Frame<'_>) -> Targets {
    let area = frame.area();
    let privacy = &app.session.privacy;
    let masks = if privacy.is_masked() { Masks::Private } else { Masks::Nothing };
    let theme = &Theme { masks, ..*theme };
    let mut surface = Surface::new(theme, frame);
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(area, &mut surface);
    } else {
        let screen = screens::of(app.screen());
        let rects = layout::Frame::of(area, screen.errors(app), app.hints().len());
        let mut title = surface.row(rects.title, 0);
        title::modes(app, &mut title);
        screen.title(app, &mut title);
        title::banner(screen.errors(app), &mut surface.row(rects.banner, 0));
        footer::draw(app, &mut surface.row(rects.footer, 0));
        footer::draw_hints(app, &mut surface.row(rects.hints, 0));
        match &app.overlay {
            Some(overlay) if overlays::covers(overlay) => {
                overlays::draw(app, overlay, rects.body, &mut surface);
            }
            overlay => {
                screen.body(app, rects.body, &mut surface);
                if let Some(overlay) = overlay {
                    let below = surface.take_cursor();
                    overlays::draw(app, overlay, rects.body, &mut surface);
                    if let Some(Position { x, y }) = below {
                        surface.cursor(x, y);
                    }
                }
            }
        }
    }
    mask::screen(surface.buf, privacy, &surface.public);
    let (targets, cursor) = surface.finish();
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    targets
}

fn too_small(area: Rect, surface: &mut Surface<'_>) {
    let (width, height) = SMALLEST;
    surface.row(area, 0).put("terminal too small", Role::Strong);
    surface.row(area, 1).put(&format!("(minimum {width}x{height})"), Role::Dim);
}
