"""The recogniser of scans (RapidOCR, `wenshi[ocr]`): its models, and who listens to what was read with them.

This is the one place where recognised text comes into the program. The second count of scans hears it here, before the
reader orders the lines, tells columns apart and joins paragraphs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any

from archive.support.isolation.served_calls import allow, progress
from ingest.readers.line_boxes import from_upper_left

THREADS = 2  # processors that one recogniser keeps busy
_MEMORY = 1536 * 2**20  # bytes for the models, and for a page at 300 dots an inch
_OTHERS = 4  # characters told beside the likeliest
_LEAST = 0.003  # of the probability: what is less likely is no alternative
_SURE = 0.9  # that a line stands on its head, or that a dot is one
_DOTS, _MARKS = ".．·", "，。、：；"
_HEIGHT = 48  # pixels: what the model makes of the height of each line
_LARGE, _NARROWED = 46, 0.75  # from so many pixels of height, lines are read at so much of their width: print of ten
# points and more is read as well, in a fifth less time; smaller print loses by it
_listening: ContextVar[list[str] | None] = ContextVar("listening", default=None)


@dataclass(frozen=True, slots=True)
class Character:
    """A recognised character: how sure the model is (0 to 1), where in its line (0 to 1), what it may be instead."""

    text: str
    confidence: float
    at: float
    others: str = ""


def installed() -> bool:
    """Whether text can be recognised on this machine."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def boxes_of(image: Any) -> Any:
    """The lines on an image (height × width × 3): an array of n × 4 corners (x, y), from the upper left, clockwise."""
    import numpy as np

    found = _engine()._load_det_model()(image).boxes
    progress()
    return np.zeros((0, 4, 2)) if found is None else from_upper_left(np.asarray(found, dtype=float))


def is_upside_down(strips: Sequence[Any]) -> bool:
    """Whether most of these lines, cut out so that they run from left to right, stand on their heads."""
    results = _engine()._load_cls_model()(list(strips)).cls_res or []
    return bool(sum(label == "180" and score > _SURE for label, score in results) > 0.5 * len(results))


def read_strip(strip: Any, whole: bool = False) -> tuple[Character, ...]:
    """The characters of one line, cut out so that it runs from left to right; `whole`: at its own width."""
    from rapidocr.ch_ppocr_rec import TextRecInput

    # One by one: lines read together are padded to the longest, which takes longer and is read worse.
    model = _reading_model()
    model(TextRecInput(img=[strip if whole else _narrowed(strip)], return_word_box=False))
    progress()
    found: tuple[Character, ...] = model.postprocess_op.characters
    return found


def _narrowed(strip: Any) -> Any:
    import cv2

    height, width = strip.shape[:2]
    if height < _LARGE:
        return strip
    size = max(_HEIGHT, round(width * _NARROWED * _HEIGHT / height)), _HEIGHT
    return cv2.resize(strip, size, interpolation=cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_LINEAR)


def heard(text: str) -> None:
    """Tells those who listen what was read on a picture in the end."""
    pictures = _listening.get()
    if pictures is not None and text:
        pictures.append(text)


@contextmanager
def captured_messages() -> Iterator[list[str]]:
    """The text of every picture recognised meanwhile by this thread: all its lines, however doubtful."""
    pictures: list[str] = []
    token = _listening.set(pictures)
    try:
        yield pictures
    finally:
        _listening.reset(token)


class _Alternatives:
    """Decodes what the model says of a line, in the place of RapidOCR's decoder, which keeps no alternatives."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known
        self.characters: tuple[Character, ...] = ()

    def __call__(
        self, predicted: Any, return_word_box: bool = False, wh_ratio_list: Any = (1.0,), max_wh_ratio: float = 1.0
    ) -> tuple[list[tuple[str, float]], list[Any]]:
        """RapidOCR's form of an answer for one line; `characters` holds ours."""
        steps = predicted[0]
        filled = max(1.0, len(steps) * float(wh_ratio_list[0]) / float(max_wh_ratio))
        best = steps.argmax(axis=1)
        found = []
        for step, code in enumerate(best):
            if code and (not step or code != best[step - 1]):
                ranked = steps[step].argsort()[: -_OTHERS - 3 : -1]
                others = [self._known[other] for other in ranked[1:] if other and steps[step][other] > _LEAST]
                confidence = min(1.0, float(steps[step][code]))
                at = min(1.0, (step + 0.5) / filled)
                found.append(Character(self._known[code], confidence, at, "".join(others)[:_OTHERS].replace(" ", "")))
        self.characters = _with_marks(found)
        text = "".join(one.text for one in self.characters)
        return [(text, sum(one.confidence for one in found) / len(found) if found else 0.0)], [None]


def _with_marks(line: Sequence[Character]) -> tuple[Character, ...]:
    """A line in which a lone doubtful dot between Han characters is the likeliest of their marks."""
    found = list(line)
    for at, one in enumerate(line):
        if one.text not in _DOTS or one.confidence > _SURE:
            continue
        beside = [line[side].text for side in (at - 1, at + 1) if 0 <= side < len(line)]
        mark = next((other for other in one.others if other in _MARKS), "")
        if mark and beside and all(text > "\u2e7f" and text not in _DOTS for text in beside):
            found[at] = replace(one, text=mark, others=(one.text + one.others.replace(mark, ""))[:_OTHERS])
    return tuple(found)


@cache
def _reading_model() -> Any:
    model = _engine()._load_rec_model()
    model.postprocess_op = _Alternatives(model.postprocess_op.character)
    return model


@cache
def _engine() -> Any:
    """The one recogniser of this process; loading its models takes about a second.

    Two threads read a page in little more time than two processes with a thread each, and take half of their memory
    (docs/benchmarks.md).
    """
    from rapidocr import RapidOCR
    from rapidocr.inference_engine.onnxruntime.main import OrtInferSession

    allow(_MEMORY)
    session: Any = OrtInferSession
    session._init_sess_opts = staticmethod(_sleeping(session._init_sess_opts))
    threads = min(THREADS, os.cpu_count() or 1)
    return RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": threads})


def _sleeping(options_of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """RapidOCR's way to the options of a model, with threads that sleep while they wait for each other.

    They would turn in circles instead, which costs a third of the processor's time where others need it too, and
    RapidOCR has no setting for it.
    """

    def options(settings: Any) -> Any:
        made = options_of(settings)
        made.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return made

    return options
