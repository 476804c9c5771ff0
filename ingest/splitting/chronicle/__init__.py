"""大事记: years as headings or in the text, below them entries that begin with a date."""

from ingest.splitting.chronicle.cutter import cut
from ingest.splitting.chronicle.recognition import ChronicleLikelihood, likeness

__all__ = ["ChronicleLikelihood", "cut", "likeness"]
