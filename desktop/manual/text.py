"""The words of the manual, from their one source: the Markdown files in resources/manual/pages.

`docs/manual.md` is the same text for reading outside (`as_document`). In the source a word in
braces stands for something of the window, so that it is always called what it is called there:

- ``{name:timing}`` a command, ``{path:timing}`` with its menu, ``{key:timing}`` its keys now
- ``{table:keys}``, ``{table:tools}``, ``{table:notes}`` whole tables (`desktop.manual.tables`)

Links lead to another page (``page:takes`` or ``page:takes#more-like-this``), do a command
(``do:timing``) or show a place of the window (``show:Train/Learn``). Pictures are
``picture:NAME``, of which there is one in each theme. What is in *italics* stands so in the window.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from desktop.actions import SPEC_OF, shown_key
from desktop.manual.tables import TABLES
from desktop.shortcuts import OwnKeys, keys_of

MANUAL_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "manual"
NO_KEY = "no key"
TOKEN = re.compile(r"\{(name|path|key|table):([a-z_]+)\}")
PICTURE = re.compile(r"!\[([^\]]*)\]\(picture:([a-z-]+)\)")
PAGE_LINK = re.compile(r"\]\(page:([a-z-]+)(?:#([a-z0-9-]+))?\)")
_DEED_LINE = re.compile(r"^(?:\[[^\]]+\]\((?:do|show):[^)]+\)(?: · )?)+\n+", re.MULTILINE)
_SIGNS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`|#]+|^[-: ]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page; the first one of a page has no title. ``body`` is Markdown."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Page:
    """A chapter. ``name`` is what links call it."""

    name: str
    title: str
    sections: tuple[Section, ...]

    def section(self, anchor: str) -> Section | None:
        """The section that a link's anchor names."""
        return next((each for each in self.sections if anchor_of(each.title) == anchor), None)


@cache
def pages() -> tuple[Page, ...]:
    """All pages in their order."""
    return tuple(map(_page, sorted((MANUAL_FOLDER / "pages").glob("*.md"))))


def page_named(name: str) -> Page:
    """A page by its name; raises `KeyError` for a name that there is none of."""
    return {page.name: page for page in pages()}[name]


def anchor_of(title: str) -> str:
    """What a link calls a section: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def markdown_of(page: Page, own: OwnKeys) -> str:
    """A page as it is shown, with the keys that hold now."""
    parts = [f"# {page.title}\n\n{page.sections[0].body}"]
    parts += [f"## {each.title}\n\n{each.body}" for each in page.sections[1:]]
    return filled("\n\n".join(parts) + "\n", own)


def filled(text: str, own: OwnKeys) -> str:
    """A text with what its words in braces stand for."""
    return TOKEN.sub(lambda found: _said(found[1], found[2], own), text)


def plain(markdown: str) -> str:
    """The words alone, in one line."""
    return " ".join(_SIGNS.sub(lambda found: found[1] or " ", markdown).split())


def picture_path(name: str, theme: str) -> Path:
    """The file of a picture in a theme, "dark" or "light"."""
    return MANUAL_FOLDER / "pictures" / f"{name}-{theme}.webp"


def as_document() -> str:
    """All of it as one Markdown page, with the keys that Tutti has without the user's changes."""
    preface = (MANUAL_FOLDER / "preface.md").read_text("utf-8")
    listed = "\n".join(f"- [{page.title}](#{anchor_of(page.title)})" for page in pages())
    body = "\n".join(_lower(markdown_of(page, {})) for page in pages())
    text = _DEED_LINE.sub("", f"{preface}\n{listed}\n\n{body}")
    text = PICTURE.sub(r"![\1](../resources/manual/pictures/\2-light.webp)", text)
    return PAGE_LINK.sub(lambda found: f"](#{_target(found[1], found[2])})", text)


def _target(name: str, anchor: str | None) -> str:
    return anchor or anchor_of(page_named(name).title)


def _lower(markdown: str) -> str:
    return re.sub(r"^#", "##", markdown, flags=re.MULTILINE)


def _said(kind: str, name: str, own: OwnKeys) -> str:
    if kind == "table":
        return TABLES[name](own)
    spec = SPEC_OF[name]
    if kind == "key":
        keys = keys_of(name, own)
        return f"`{shown_key(keys[0])}`" if keys else NO_KEY
    return f"*{spec.menu} → {spec.text}*" if kind == "path" else f"*{spec.text}*"


def _page(path: Path) -> Page:
    first, *rest = re.split(r"^## ", path.read_text("utf-8"), flags=re.MULTILINE)
    title, _, body = first.partition("\n")
    sections = [Section("", body.strip())]
    for text in rest:
        head, _, body = text.partition("\n")
        sections.append(Section(head.strip(), body.strip()))
    name = path.stem.lstrip("0123456789-")
    return Page(name, title.removeprefix("# ").strip(), tuple(sections))
