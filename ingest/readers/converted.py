"""Old and foreign word-processor formats (.doc, .wps, .rtf, .odt): LibreOffice makes a .docx, our own reader reads it.

Where there is none, Word or WPS does it, on Windows.

Never through text: that would print what was deleted. The file kept as the original is the one that came in.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from archive.model.errors import ReadError
from archive.model.issues import IssueCode
from archive.model.records import Issue, Manuscript
from archive.support.files import sha256_of
from archive.support.libreoffice import HOW_TO_GET_IT, LibreOffice, OfficeFailure
from archive.support.office_program import OfficeProgram
from archive.support.word_processor import WordProcessor
from ingest.readers import odf_formulas, rtf
from ingest.readers.ooxml import word_file
from ingest.readers.ooxml.ole_objects import equations_in
from ingest.readers.zipped import Claim, open_zip

_NOBODY = "读这种格式需要 LibreOffice（Windows 上也可以是 Word 或 WPS），这台机器上没有找到"
_BATCH = 100  # files in one run; Windows limits the length of a command line
MAX_SIZE = 512 * 2**20  # bytes
_NAMED = 5  # of the equations
_BY_HAND = "用 Word 或 WPS 打开，“另存为”选 .docx 格式，再导入"

_ODT = Claim("OpenDocument 文件", f"文件可能已损坏；请{_BY_HAND}")


def convert(files: Sequence[tuple[Path, str]], folder: Path) -> Mapping[Path, Path | ReadError]:
    """Makes a .docx of each (file, kind), all in as few runs as possible; `kind` is doc, rtf or odt.

    The results lie in `folder`. A file that cannot be converted gets its error, the others are not held up by it.
    """
    office = LibreOffice.find() or WordProcessor.find()
    if office is None:
        hint = f"{HOW_TO_GET_IT}；或{_BY_HAND}"
        return {file: ReadError(_NOBODY, hint=hint) for file, _ in files}
    results: dict[Path, Path | ReadError] = {}
    for file, kind in files:
        if fault := _refused(file, kind):
            results[file] = fault
    fit = [(file, kind) for file, kind in files if file not in results]
    for start in range(0, len(fit), _BATCH):
        results |= _batch(office, fit[start : start + _BATCH], folder)
    return results


def _refused(file: Path, kind: str) -> ReadError | None:
    """Why no office program is to see this file: it would unpack a bomb without a second thought."""
    if file.stat().st_size > MAX_SIZE:
        return ReadError(f"文件超过上限 {MAX_SIZE // 2**20} MB，未予读取", hint=f"把稿件拆成几个文件；或{_BY_HAND}")
    if kind == "odt":
        try:
            with file.open("rb") as stream:
                open_zip(stream, "", _ODT).close()
        except ReadError as fault:
            return fault
    return None


def _batch(office: OfficeProgram, files: Sequence[tuple[Path, str]], folder: Path) -> dict[Path, Path | ReadError]:
    """One run. Files go in as numbered copies: names that say their kind, in letters every system can pass on."""
    work = Path(tempfile.mkdtemp(dir=folder))
    copies: dict[Path, Path] = {}
    for number, (file, kind) in enumerate(files):
        copy = work / f"{number:04}.{kind}"
        shutil.copyfile(file, copy)
        if kind == "rtf":
            rtf.mend(copy)
        elif kind == "odt":
            odf_formulas.write_out(copy)
        copies[copy] = file
    try:
        made = office.convert(list(copies), "docx", work)
    except OfficeFailure as failure:
        made = dict.fromkeys(copies, failure)
    return {file: _outcome(made[copy], office.title) for copy, file in copies.items()}


def _outcome(result: Path | OfficeFailure, office: str) -> Path | ReadError:
    if isinstance(result, Path):
        return result
    return ReadError(f"{office} 没有转换成功（{result}）", hint=f"文件可能已损坏；请{_BY_HAND}")


def read(kind: str, file: Path, name: str) -> Manuscript:
    """Converts and reads one file by itself; several are better converted together. Raises ReadError."""
    with tempfile.TemporaryDirectory(prefix="wenshi-", ignore_cleanup_errors=True) as folder:
        made = convert([(file, kind)], Path(folder))[file]
        if isinstance(made, ReadError):
            raise ReadError(made.message, place=name, hint=made.hint)
        manuscript = word_file.read(made, name)
    return replace(manuscript, sha256=sha256_of(file), issues=(*manuscript.issues, *left_behind(kind, file)))


def left_behind(kind: str, file: Path) -> tuple[Issue, ...]:
    """What the conversion of a file is known to lose."""
    if kind == "rtf":
        return rtf.left_behind(file)
    equations = equations_in(file) if kind == "doc" else []
    if not equations:
        return ()
    named = "、".join(f"“{text}”" for text in equations[:_NAMED]) + ("等" if len(equations) > _NAMED else "")
    message = f"有 {len(equations)} 个公式编辑器或公式域的公式（{named}），请核对是否都在"
    return (Issue(IssueCode.FIELD, "公式", message),)
