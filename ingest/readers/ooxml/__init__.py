"""Word's .docx (Office Open XML, transitional and strict) read with lxml, one module for each part of the package."""
