"""The sample library: the collections that travel with the program, taken in the ordinary way."""

from __future__ import annotations

from pathlib import Path

from archive.errors import LibraryNotFound, StorageError, UsageError
from archive.library import Library, file_digest
from ingest.pipeline import Progress, Silent, ingest
from ingest.sources import DESCRIPTION, Source, plan


def sample_collections() -> Path:
    """The folder of the sample collections: inside the installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    for folder in (here / "collections", here.parent / "collections"):
        if any(folder.glob(f"*/{DESCRIPTION}")):
            return folder
    raise StorageError("找不到随附的样例文集。", place=str(here), hint="安装可能不完整，请重新安装 wenshi。")


def build(root: Path, progress: Progress | None = None) -> Library:
    """The library at `root` with every sample in it; only what is missing is taken in. The caller closes it.

    Raises UsageError when other material is there too, and what stopped the first file that could not be read.
    """
    folders = sorted(file.parent for file in sample_collections().glob(f"*/{DESCRIPTION}"))
    sources = plan(folders)
    try:
        library = Library.open(root)
    except LibraryNotFound:
        library = Library.create(root)
    try:
        _fill(library, sources, progress or Silent())
    except BaseException:
        library.close()
        raise
    return library


def _fill(library: Library, sources: list[Source], progress: Progress) -> None:
    samples = {file_digest(source.file): source.file for source in sources}
    here = {article.original for article in library.articles()}
    strangers = {each.id for each in library.collections()} - {source.collection.id for source in sources}
    if strangers or here - samples.keys():
        raise UsageError(
            f"{library.root} 里还有别的材料（您自己的，或旧版的样例），这一版的样例不会混进去。",
            hint=f"要打开它，请运行 wenshi --library {library.root} serve；"
            "要看样例，请换一个文件夹，例如 wenshi --library wenshi-demo-2 demo。",
        )
    missing = [file for sha256, file in samples.items() if sha256 not in here]
    if not missing:
        return
    for failed in ingest(library, missing, progress=progress).failed:
        if failed.error is not None:
            raise failed.error
