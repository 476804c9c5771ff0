"""IIIF manifests of a published site held against the types of iiif-prezi3, which the schema of the specification made.

    pip install iiif-prezi3        # in an environment of its own: it wants an older Pillow than ours
    python tests/bench/manifests.py SITE

SITE is a folder of `wenshi publish --base-url`. Exits 1 where a file is not what Presentation 3 asks for, and where
there is none.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Say how many fit, and name each that does not."""
    from iiif_prezi3 import AnnotationPage, Manifest

    files = sorted(Path(sys.argv[1]).glob("iiif/**/*.json"))
    wrong = 0
    for file in files:
        kind = Manifest if file.name == "manifest.json" else AnnotationPage
        try:
            kind.model_validate_json(file.read_text(encoding="utf-8"))
        except ValueError as error:
            wrong += 1
            print(f"{file}: {error}")
    print(f"{len(files)} files, {wrong} wrong")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main())
