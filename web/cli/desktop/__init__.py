"""The program on the desktop: a small window that serves a library and opens it in the browser."""
