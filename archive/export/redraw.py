"""The child process that looks into pictures and makes anew those that print cannot take as they are.

Started by path like `pdf/typeset.py`: what comes from outside is decoded here and not where the library is open.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageOps

_FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
}
_DOUBLE = {"MPO": "image/jpeg"}  # what a JPEG of telephones is taken for that has a second picture behind it
_ORIENTATION = 0x0112  # the field of Exif that says how the camera was held
_UPRIGHT = (None, 0, 1)
_HARDLY = 12  # of 255: a colour that is only a flaw of the scanner or of JPEG
_QUALITY = 95  # of a JPEG that is written again
_MOST_PIXELS = 400_000_000  # decoded they take 1.2 GB; no scanner of an office makes so many
_COLOURED = ("RGB", "RGBA", "P", "LAB", "YCbCr", "HSV")
_MANY_COLOURS = ("CMYK", "LAB", "YCbCr", "HSV")


def main(job_file: str) -> None:
    """Do the job: keys as written by `prepared_pictures.prepared`; the answer is a record for each picture."""
    job: dict[str, Any] = json.loads(Path(job_file).read_text(encoding="utf-8"))
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    sys.stdout.write(json.dumps([_prepared(each, job) for each in job["pictures"]]))


def _prepared(each: dict[str, str], job: dict[str, Any]) -> dict[str, object]:
    """Its size in pixels as it is looked at; `file` where it was made anew, with what it was; `error` if it cannot."""
    try:
        with Image.open(each["source"], formats=list(_FORMATS)) as picture:
            return _looked_at(picture, Path(each["target"]), job)
    except Exception as error:  # whatever a decoder trips over, the picture is damaged
        return {"error": type(error).__name__}


def _looked_at(picture: Image.Image, target: Path, job: dict[str, Any]) -> dict[str, object]:
    kind, inks = (_FORMATS | _DOUBLE)[picture.format or ""], picture.mode
    turned = picture.getexif().get(_ORIENTATION) not in _UPRIGHT
    width, height = picture.size
    if turned and picture.getexif().get(_ORIENTATION, 1) > 4:
        width, height = height, width
    found: dict[str, object] = {"width": width, "height": height, "was": ""}
    grey = job["grey"] and inks not in ("1", "L")
    rgb = job["inks"] in ("full", "grey")
    four = rgb and inks == "CMYK"
    printed = job["inks"] == "cmyk" and inks in _COLOURED
    if not (turned or grey or four or printed or kind not in job["kinds"]):
        return found
    dots = picture.info.get("dpi")
    upright = _screen(ImageOps.exif_transpose(picture), grey=grey, rgb=rgb)
    if printed:
        upright = _in_inks(upright)
    jpeg = upright.mode == "CMYK" or (kind == "image/jpeg" and not four)
    file = target.with_suffix(".jpg" if jpeg else ".png")
    kept = {"dpi": tuple(map(float, dots))} if dots else {}
    if jpeg:
        upright.save(file, "JPEG", quality=_QUALITY, subsampling=0, **kept)
    else:
        upright.save(file, "PNG", **kept)
    was = "cmyk" if four else kind if kind not in job["kinds"] else "grey" if grey else "turned"
    return found | {"file": file.name, "kind": "image/jpeg" if jpeg else "image/png", "was": was}


def _in_inks(picture: Image.Image) -> Image.Image:
    """The picture in four inks, or in black alone where it has no colour after all; what was clear is white.

    What the three colours have in common is black, so that greys are printed in one ink and never out of register.
    """
    if "A" in picture.getbands() or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    red, green, blue = picture.convert("RGB").split()
    light = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    inks = [ImageChops.subtract(light, each) for each in (red, green, blue)]
    if all(ink.histogram()[_HARDLY + 1 :] == [0] * (255 - _HARDLY) for ink in inks):
        return light
    return Image.merge("CMYK", [*inks, ImageChops.invert(light)])


def _screen(picture: Image.Image, *, grey: bool, rgb: bool) -> Image.Image:
    """The picture in colours that PNG and JPEG files have, through its own colour profile where it brings one."""
    if picture.mode in _MANY_COLOURS and (rgb or picture.mode != "CMYK"):
        profile = picture.info.get("icc_profile")
        if profile and picture.mode == "CMYK":
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            picture = (
                ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB") or picture
            )
        else:
            picture = picture.convert("RGB")
        picture.info.pop("icc_profile", None)
    if grey:
        clear = "A" in picture.getbands() or "transparency" in picture.info
        return picture.convert("LA" if clear else "L")
    if picture.mode in ("I", "F", "I;16", "I;16B"):
        return picture.convert("I;16" if picture.mode.startswith("I;16") else "L")
    return picture


if __name__ == "__main__":
    main(sys.argv[1])
