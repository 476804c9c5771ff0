"""What every room needs from the machine: files, sheets, streams, settings, LibreOffice."""
