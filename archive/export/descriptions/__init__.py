"""Books as descriptions for the catalogues of archives and libraries: what texts there are, not the texts."""
