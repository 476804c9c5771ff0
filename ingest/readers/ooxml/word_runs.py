"""One paragraph's content: runs of text, and what hangs on them (notes, pictures, text boxes, comments)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from archive.model.issues import IssueCode
from archive.model.records import Run, Style
from ingest.readers.ooxml import equations
from ingest.readers.ooxml.eq_field import SYMBOL_FIELD, eq_runs
from ingest.readers.ooxml.ole_objects import equation_of
from ingest.readers.ooxml.story import Field, Story
from ingest.readers.ooxml.styles import run_style, symbol_font
from ingest.readers.ooxml.symbols import UNKNOWN, symbol
from ingest.readers.ooxml.wordml import (
    DELETED_TEXT,
    DROPPED,
    MATH_TEXT,
    NEW_CHART,
    RARE_SYMBOL,
    SYMBOL,
    TEXT,
    VAL,
    Element,
    attribute,
    child,
    count_characters,
    integer,
    switched,
    tag,
    value,
)
from ingest.text.characters import visible
from ingest.text.raised import as_characters

_PADDING = " \t\n\r\u3000\u00a0"
_TICKED, _UNTICKED = "☒", "☐"  # as Word prints the boxes of forms
_BUTTON_FIELD = re.compile(r"MACROBUTTON\s+\S+\s+(.+)", re.IGNORECASE | re.DOTALL)  # 单击此处填写…
_MILLIMETRE = 36_000  # in the units of Word's drawings
_SHAPE_WIDTH = re.compile(r"(?:^|;)\s*width:\s*([0-9.]{1,9})(pt|in|mm|cm)")
_SHAPE_UNITS = {"pt": 25.4 / 72, "in": 25.4, "mm": 1.0, "cm": 10.0}


@dataclass(slots=True)
class WordInline:
    """What a paragraph holds.

    `hanging` are its text boxes and its figures as (picture, alternative text, printed width), in their order;
    `figure_first` says that a figure stands before any text. `sizes` weighs font sizes by characters.
    """

    runs: list[Run] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # (footnote or endnote, id)
    comments: list[str] = field(default_factory=list)
    hanging: list[Element | tuple[str, str, int]] = field(default_factory=list)
    figure_first: bool = False
    parts: list[tuple[IssueCode, str]] = field(default_factory=list)  # (CHART or EMBEDDED, its part), after these
    sizes: dict[float, int] = field(default_factory=dict)
    bold: int = 0
    page_break: bool = False

    def add(self, text: str, style: Style = Style.NONE, *, note: str = "", ruby: str = "") -> None:
        """Appends text; neighbours of equal style become one run."""
        last = self.runs[-1] if self.runs else None
        if last and not (note or ruby or last.note or last.ruby) and last.style == style:
            self.runs[-1] = Run(last.text + text, style)
        elif text or note:
            self.runs.append(Run(text, style, note, ruby))

    @property
    def boxes(self) -> list[Element]:
        """The text boxes alone."""
        return [one for one in self.hanging if not isinstance(one, tuple)]

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self.runs)

    def trimmed(self) -> tuple[tuple[Run, ...], int]:
        """The runs without white space at either end, and how many characters of indentation went."""
        runs = list(self.runs)
        indentation = 0
        while runs and not runs[0].note:
            kept = runs[0].text.lstrip(_PADDING)
            indentation += len(runs[0].text) - len(kept)
            if kept:
                runs[0] = Run(kept, runs[0].style, runs[0].note, runs[0].ruby)
                break
            del runs[0]
        while runs and not runs[-1].note:
            kept = runs[-1].text.rstrip(_PADDING)
            if kept:
                runs[-1] = Run(kept, runs[-1].style, runs[-1].note, runs[-1].ruby)
                break
            del runs[-1]
        return as_characters(runs), indentation


def read_inline(content: Iterable[Element], story: Story, style: str) -> WordInline:
    """Reads the content of a paragraph set in style `style`: the children of a w:p, or any elements holding runs."""
    reader = _RunReader(story, style)
    for element in content:
        reader.walk(element)
    for open_field in story.fields:
        open_field.showing = True  # an instruction ends with its paragraph, so that a broken field hides nothing more
    return reader.result


class _RunReader:
    """Walks a paragraph in document order. What no rule names is looked through, so that text is never skipped."""

    def __init__(self, story: Story, paragraph_style: str) -> None:
        self.story = story
        self.result = WordInline()
        self.paragraph_style = paragraph_style
        self.style = Style.NONE
        self.size = story.document.styles.size(paragraph_style) or story.document.styles.default_size
        self.font = ""  # where it is one of symbols
        self.alternative = ""
        self.width = 0  # millimetres, of the picture that comes next

    def walk(self, element: Element) -> None:
        rule = _RULES.get(str(element.tag))
        if rule is not None:
            rule(self, element)
        else:
            self.inside(element)

    def inside(self, element: Element) -> None:
        for item in element:
            self.walk(item)

    # -- runs and their text

    def run(self, element: Element) -> None:
        properties = child(element, "w:rPr")
        if properties is None:
            if self.story.document.styles.hidden(self.paragraph_style):
                self.story.drop(IssueCode.HIDDEN, "隐藏文字", element)
            else:
                self.inside(element)
            return
        styles = self.story.document.styles
        character = value(properties, "w:rStyle") or ""
        hidden = switched(properties, "w:vanish")
        if hidden is None:
            hidden = styles.hidden(character) or styles.hidden(self.paragraph_style)
        if hidden and self.is_text(element):
            self.story.drop(IssueCode.HIDDEN, "隐藏文字", element)
            return
        before = self.style, self.size, self.font
        self.font = symbol_font(properties)
        self.style = run_style(properties) | styles.character(character)
        size = value(properties, "w:sz")
        self.size = integer(size) / 2 if size else styles.size(character) or self.size
        self.inside(element)
        self.style, self.size, self.font = before

    @staticmethod
    def is_text(element: Element) -> bool:
        """Field characters may be hidden and still steer what follows; only text can be left out whole."""
        return child(element, "w:fldChar") is None

    def shown(self, element: Element) -> bool:
        """Whether text here is printed; text inside a field's instruction is not, and is accounted for."""
        if self.shown_now():
            return True
        self.story.drop(IssueCode.FIELD_CODE, "域代码中的文字", element)
        return False

    def write(self, text: str, *, ruby: str = "") -> None:
        for open_field in self.story.fields:
            open_field.result |= bool(text.strip())
        self.result.add(text, self.style, ruby=ruby)
        weight = len(text.strip())
        if weight:
            self.result.sizes[self.size] = self.result.sizes.get(self.size, 0) + weight
            if Style.BOLD in self.style:
                self.result.bold += weight

    def text(self, element: Element) -> None:
        if not self.shown(element):
            return
        if not self.font:
            self.write(element.text or "")
            return
        for char in element.text or "":
            self.write(symbol(self.font, f"{ord(char):X}") if "\uf000" <= char <= "\uf0ff" else char)

    def tab(self, element: Element) -> None:
        if self.shown(element):
            self.write("\t")

    def line_break(self, element: Element) -> None:
        if element.get(tag("w:type")) == "page":
            self.result.page_break = True
        if self.shown(element):
            self.write("\n")

    def hyphen(self, element: Element) -> None:
        if self.shown(element):
            self.write("-")

    def special(self, element: Element) -> None:
        if not self.shown(element):
            return
        prefix = "w16se" if element.tag == RARE_SYMBOL else "w"
        self.font_sign(attribute(element, f"{prefix}:font") or "", attribute(element, f"{prefix}:char") or "")

    def font_sign(self, font: str, code: str, style: Style = Style.NONE) -> None:
        """Writes a character given by its place in a font."""
        character = symbol(font, code)
        if character == UNKNOWN:
            message = f"字体 {font} 的符号 {code} 不是有效的代码，以 {UNKNOWN} 代替，请核对"
            self.story.report(IssueCode.SYMBOL, message)
        elif "\ue000" <= character <= "\uf8ff":
            message = f"字体 {font} 的符号 {code} 没有对应的字，按代码 U+{ord(character):04X} 保留，请换成正式的字"
            self.story.report(IssueCode.SYMBOL, message)
        before, self.style = self.style, self.style | style
        self.write(character)
        self.style = before

    def shown_now(self) -> bool:
        """Whether what is written here is printed."""
        return all(open_field.showing for open_field in self.story.fields)

    def sign(self, text: str) -> None:
        """Writes what the layout of an equation stands for."""
        if self.shown_now():
            self.result.add(text, self.style | Style.GENERATED)

    def word_art(self, element: Element) -> None:
        """Drawn words stand on lines of their own: over a page (a watermark) or beside the text."""
        words = (element.get("string") or "").strip()
        if words and self.shown(element):
            if self.result.sizes:
                self.write("\n")
            self.write(f"{words}\n")

    def ruby(self, element: Element) -> None:
        if not self.shown(element):
            return
        base, reading = child(element, "w:rubyBase"), child(element, "w:rt")
        if base is None or count_characters(base) == 0:
            self.inside(element)
            return
        inner = _RunReader(self.story, self.paragraph_style)
        inner.style, inner.size = self.style, self.size
        inner.inside(base)
        outer = _RunReader(self.story, self.paragraph_style)
        if reading is not None:
            outer.inside(reading)
        self.result.notes += inner.result.notes
        self.write(inner.result.text, ruby=outer.result.text)

    # -- fields: the result is text, the instruction is not

    def field_character(self, element: Element) -> None:
        kind, fields = element.get(tag("w:fldCharType")), self.story.fields
        if kind == "begin":
            fields.append(Field(form=child(element, "w:ffData")))
        elif kind == "separate" and fields:
            fields[-1].showing = True
        elif kind == "end" and fields:
            ended = fields.pop()
            if not ended.result and all(outer.showing for outer in fields):
                self.without_result(ended)

    def simple_field(self, element: Element) -> None:
        """A field in one element; its instruction is an attribute, its result what is inside."""
        fields = self.story.fields
        fields.append(Field(instruction=element.get(tag("w:instr")) or "", showing=True))
        self.inside(element)
        ended = fields.pop()
        if not ended.result and all(outer.showing for outer in fields):
            self.without_result(ended)

    def instruction(self, element: Element) -> None:
        if self.story.fields:
            self.story.fields[-1].instruction += element.text or ""

    def without_result(self, ended: Field) -> None:
        """Fields whose text stands in their instruction, and the boxes and lists of forms."""
        instruction = ended.instruction.strip()
        kind = instruction.split(maxsplit=1)[0].split("\\")[0].upper() if instruction else ""
        if kind == "EQ":
            runs = eq_runs(instruction)
            for run in runs:
                self.result.add(run.text, self.style | run.style | Style.GENERATED, ruby=run.ruby)
            became = f"记为“{''.join(run.text for run in runs)}”" if runs else "没有收入"
            self.story.report(IssueCode.FIELD, f"公式域“{instruction}”{became}，请核对")
        elif kind == "SYMBOL" and (match := SYMBOL_FIELD.match(instruction)):
            self.font_sign((match[2] or "").strip(), f"{int(match[1], 0):x}", Style.GENERATED)
        elif match := _BUTTON_FIELD.match(instruction):
            self.result.add(match[1], self.style | Style.GENERATED)
        elif ended.form is not None:
            self.result.add(_chosen(ended.form), self.style | Style.GENERATED)

    # -- what hangs on the text

    def footnote(self, element: Element) -> None:
        self.note("footnote", element)

    def endnote(self, element: Element) -> None:
        self.note("endnote", element)

    def note(self, kind: str, element: Element) -> None:
        identity = element.get(tag("w:id")) or ""
        self.result.add("", note=self.story.document.label(kind, identity))
        self.result.notes.append((kind, identity))

    def comment(self, element: Element) -> None:
        self.result.comments.append(element.get(tag("w:id")) or "")

    def box(self, element: Element) -> None:
        self.result.hanging.append(element)

    def properties(self, element: Element) -> None:
        self.alternative = element.get("descr") or element.get("title") or ""

    def picture(self, element: Element) -> None:
        relation = attribute(element, "r:embed") or attribute(element, "r:link")
        if relation:
            self.figure(relation)

    def extent(self, element: Element) -> None:
        self.width = round(integer(element.get("cx")) / _MILLIMETRE)

    def group(self, element: Element) -> None:
        self.width = 0  # that of the whole group, which is no picture's
        for inner in element:
            self.walk(inner)

    def old_picture(self, element: Element) -> None:
        self.alternative = element.get(tag("o:title")) or self.alternative
        shape = element.getparent()
        found = _SHAPE_WIDTH.search("" if shape is None else shape.get("style", ""))
        self.width = round(float(found[1]) * _SHAPE_UNITS[found[2]]) if found else 0
        self.figure(attribute(element, "r:id"))

    def figure(self, relation: str | None) -> None:
        self.result.figure_first |= not self.result.text.strip()
        self.result.hanging.append((self.story.picture(relation), self.alternative, self.width))
        self.alternative, self.width = "", 0

    def diagram(self, element: Element) -> None:
        """SmartArt keeps its text in a part of its own."""
        relation = self.story.relations.get(attribute(element, "r:dm") or "")
        if relation and not relation.external and self.story.document.package.has(relation.target):
            root = self.story.document.load(relation.target)
            self.result.hanging += [] if root is None else [root]

    def chart(self, element: Element) -> None:
        self.part(IssueCode.CHART, attribute(element, "r:id"), "图表没有收入，请把它另存为图片插入")

    def embedded(self, element: Element) -> None:
        what = element.get("ProgID") or "不明"
        if self.equation(attribute(element, "r:id")):
            return
        self.part(IssueCode.EMBEDDED, attribute(element, "r:id"), f"嵌入的对象（{what}）没有收入，只保留其外观图片")

    def equation(self, identity: str | None) -> bool:
        """Writes an equation that the Equation Editor or MathType has made; false where the object is none."""
        relation, document = self.story.relations.get(identity or ""), self.story.document
        if relation is None or relation.external or not document.package.has(relation.target):
            return False
        text = equation_of(document.package.data(relation.target))
        if not text:
            return False
        document.read_parts.add(relation.target)
        if self.shown_now():
            document.characters_in += visible(text)
            self.write(text)
            self.story.report(IssueCode.FIELD, f"公式（公式编辑器的对象）记为“{text}”，请核对")
        return True

    def part(self, code: IssueCode, identity: str | None, missing: str) -> None:
        """Notes a part with text of its own, placed after the paragraph; an issue where the file does not hold it."""
        relation = self.story.relations.get(identity or "")
        if relation and not relation.external and self.story.document.package.has(relation.target):
            self.result.parts.append((code, relation.target))
        else:
            self.story.report(code, missing)

    def deleted(self, element: Element) -> None:
        self.story.drop(IssueCode.DELETED, "修订中已删除的文字", element)

    def skip(self, element: Element) -> None:
        """Properties hold no text, unless damage has put it there."""
        if self.story.document.package.issues:
            self.inside(element)


def _chosen(form: Element) -> str:
    """What a box or a list of a form shows; "" for other fields."""
    box, choices = child(form, "w:checkBox"), child(form, "w:ddList")
    if box is not None:
        ticked = switched(box, "w:checked")
        return _TICKED if (switched(box, "w:default") if ticked is None else ticked) else _UNTICKED
    if choices is not None:
        entries = [entry.get(VAL) or "" for entry in choices.iterchildren(tag("w:listEntry"))]
        place = integer(value(choices, "w:result") or value(choices, "w:default"))
        return entries[place] if 0 <= place < len(entries) else ""
    return ""


_RULES: dict[str, Callable[[_RunReader, Element], None]] = {
    **equations.RULES,
    TEXT: _RunReader.text,
    MATH_TEXT: _RunReader.text,
    tag("a:t"): _RunReader.text,
    DELETED_TEXT: _RunReader.deleted,
    tag("w:r"): _RunReader.run,
    tag("w:tab"): _RunReader.tab,
    tag("w:ptab"): _RunReader.tab,
    tag("w:br"): _RunReader.line_break,
    tag("w:cr"): _RunReader.line_break,
    tag("w:noBreakHyphen"): _RunReader.hyphen,
    SYMBOL: _RunReader.special,
    RARE_SYMBOL: _RunReader.special,
    tag("v:textpath"): _RunReader.word_art,
    tag("w:ruby"): _RunReader.ruby,
    tag("w:fldChar"): _RunReader.field_character,
    tag("w:fldSimple"): _RunReader.simple_field,
    tag("w:instrText"): _RunReader.instruction,
    tag("w:footnoteReference"): _RunReader.footnote,
    tag("w:endnoteReference"): _RunReader.endnote,
    tag("w:commentReference"): _RunReader.comment,
    tag("w:txbxContent"): _RunReader.box,
    tag("wp:extent"): _RunReader.extent,
    tag("wp:docPr"): _RunReader.properties,
    tag("wpg:wgp"): _RunReader.group,
    tag("a:blip"): _RunReader.picture,
    tag("v:imagedata"): _RunReader.old_picture,
    tag("dgm:relIds"): _RunReader.diagram,
    tag("c:chart"): _RunReader.chart,
    NEW_CHART: _RunReader.chart,
    tag("o:OLEObject"): _RunReader.embedded,
    **dict.fromkeys(DROPPED, _RunReader.deleted),
    **dict.fromkeys(
        map(tag, ("w:rPr", "w:pPr", "w:sdtPr", "w:sdtEndPr", "w:tblPr", "w:trPr", "w:tcPr")), _RunReader.skip
    ),
}
